"""Updates become one service call, a view, a reply; a file a family of commands."""
