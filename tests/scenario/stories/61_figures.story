# Figures of the day stand beside the same weekday until the same hour, and each opens a list of as many orders
connect kaspi
market  kaspi creates {"number":"438000001"}
market  kaspi creates {"number":"438000002"}
run     jobs
as      owner
GET     /api/overview/figures                 200  period=1  figures[key=orders].value=2  figures[key=orders].base=null
        figures[key=profit].value=null  figures[key=profit].waits=reports  figures[key=cancelled].value=0  days.length=8
        channels.0.orders=2  statements<=8
GET     /api/overview/figures?period=7        200  days.length=7  figures[key=orders].value=2
GET     /api/overview/figures?period=30       200  days.length=30  statements<=8
GET     /api/overview/figures?period=2        400
GET     /api/queue                            200
keep    order = items.0.id
POST    /api/orders/$order/cancel  {"reason":"MERCHANT_OUT_OF_STOCK"}   200  order.status=cancelled
GET     /api/overview/figures                 200  figures[key=orders].value=2  figures[key=cancelled].value=1
GET     /api/queue/counts?status=cancelled&placed_from=2026-12-15T19:00:00Z&placed_to=2026-12-16T19:00:00Z   200  total.count=1
GET     /api/queue/counts?status=cancelled   200  total.count=1
GET     /api/queue/counts?status=cancelled&tag=a   400
GET     /api/queue/counts?tag=a               200
clock   +7d
run     jobs
GET     /api/overview/figures                 200  figures[key=orders].value=0  figures[key=orders].base=2  base_first=2026-12-16
as      picker
GET     /api/overview/figures                 200  figures.length=0  days.length=0  channels.length=0
GET     /api/choices/overview                 200  value=null
PUT     /api/choices/overview  {"blocks":["path"]}   204
GET     /api/choices/overview                 200  value.blocks.0=path
GET     /api/choices/anything                 404
as      support
GET     /api/overview/figures                 200  figures[key=revenue]=absent  figures[key=orders].value=0  days.0.sum=null
as      manager
GET     /api/choices/overview                 200  value=null
as      nobody
GET     /api/choices/overview                 401
