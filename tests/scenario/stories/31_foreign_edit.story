# What was done in the market's own cabinet is taken over, and our own change is no news
connect kaspi
market  kaspi creates {"number":"438000001"}
market  kaspi creates {"number":"438000002"}
run     jobs
as      manager
GET     /api/queue                       200
keep    a = items[number=438000001].id
keep    b = items[number=438000002].id
market  kaspi plays 438000001 cabinet_accepts
POST    /api/orders/$b/confirm           200
clock   +5s
run     jobs
clock   +3m
run     jobs
GET     /api/orders/$a                   200  status=confirmed  history.length=2  history.1.actor_kind=channel  tasks.length=1
GET     /api/orders/$b                   200  status=confirmed  history.length=2  history.1.actor_kind=user
market  kaspi got accept 438000001 times 0
