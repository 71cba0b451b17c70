"""Who may do what: one table for reports, one for practices, held against every door.

Each test puts one row in one state, lets every person try every verb through one door, undoes each
try, and compares what came of it with the table: refused and allowed share one setup.

    done      it happened
    state     this person may, but not in this state (422 on the page, 400 in the API)
    refused   sees it, may not do this (403)
    sign in   a visitor is asked who they are (401, or the sign-in page)
    unseen    as if it did not exist (404)
"""
