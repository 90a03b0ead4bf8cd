"""Articles get topics and stories, once each, as they come: relevance.py and stories.py decide, file.py is the pass.

phrases.py, own_words.py, filling.py, registry.py topics, shipped and people's own · file_back.py what was there before
reprints.py whose voice it is · sheets.py, evidence.py, likeness.py, languages.py, company.py, weights.py how alike two articles are · linkage.py clusters
"""
