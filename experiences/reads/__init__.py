"""About how often reports and practices are read: counted without a cookie, nor an address or a trace kept.

`counter` is what pages call: it holds in memory, for the day, a mark of each reader and page, from which
nobody can be had back, and leaves sums in files beside. `sums` is what the worker does with those: it adds
them to one row a page and month. So a public read writes nothing to the database, and waits for nothing.
"""
