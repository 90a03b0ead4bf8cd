"""Words and sentences, pure: markup.py clean text · tokens.py terms that can be compared · sentences.py.

names.py whom and what is named, inflection.py how it is spelt · concepts.py meanings in four languages
facts.py what a sentence states · counts.py figures that differ · dates.py what lies ahead
"""
