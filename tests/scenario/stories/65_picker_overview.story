# Whoever only picks is told by the first screen of the orders in hand, not of those of the whole shop
connect kaspi
market  kaspi creates {"number":"438000001"}
market  kaspi creates {"number":"438000002"}
run     jobs
as      manager
GET     /api/overview                    200  new.count=2  path[status=new].count=2  path[status=confirmed].count=0
GET     /api/queue                       200
keep    order = items.0.id
POST    /api/orders/$order/confirm       200
GET     /api/overview                    200  new.count=1  path[status=confirmed].count=1
as      picker
GET     /api/queue                       200  items.length=1
GET     /api/overview                    200  new.count=0  new.channels.0.count=0  path[status=new].count=0  path[status=confirmed].count=1  urgent.length=0
GET     /api/overview/figures            200  figures.length=0  days.length=0
