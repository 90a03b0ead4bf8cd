"""All that Cablegram keeps, in PostgreSQL: for several workers, and for hosts whose disk does not last."""
