"""Feed documents become articles: articles.py normalises an entry (pure), gather.py is the pass."""
