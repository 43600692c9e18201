# What a market left out by day is found by night, put in, and shown
connect ozon
market  ozon creates {"number":"0147-0001-1"}
run     jobs
as      owner
GET     /api/orders                      200  items.length=1
market  ozon creates {"number":"0147-0002-1","stage":"delivered","closed_at":"2026-12-16T04:00:00Z"}
clock   +20m
market  ozon creates {"number":"0147-0003-1"}
market  ozon breaks {"kind":"lost","path_contains":"/fbs/list"}
run     jobs
market  heals
clock   +1h
run     jobs
# The list is read from fifteen minutes before the newest order: nobody would ever have asked for the second one again.
GET     /api/orders                      200  items.length=2  items[number=0147-0002-1]=absent
GET     /api/accounts/$ozon/nights       200  items.length=0
clock   2026-12-16T22:30:00Z
run     jobs
GET     /api/orders                      200  items.length=3
keep    order = items[number=0147-0002-1].id
GET     /api/accounts/$ozon/nights       200  items.0.state=done  items.0.missing=1  items.0.changed=0  items.0.repaired=1  items.0.parked=0
                                              items.0.orders.length=1  items.0.orders.0.order_id=$order  items.0.orders.0.number=0147-0002-1
                                              items.0.orders.0.kind=missing  items.0.orders.0.was=null  statements<=6
# The next night finds nothing.
clock   +24h
run     jobs
GET     /api/accounts/$ozon/nights       200  items.0.missing=0  items.0.repaired=0  items.0.orders.length=0  items.2.missing=1
