"""Safe telling: what in a report may say who someone is, pointed out before it is sent.

`identifiers` finds addresses, numbers, handles and the like in a text, `names` the names of people,
`rare_contexts` tells when a combination of contexts fits too few organisations, and `check` puts them
together for the form and the curators. The author decides; nothing is changed or refused here.
"""
