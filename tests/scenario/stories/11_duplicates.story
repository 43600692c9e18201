# Events told twice and in the wrong order leave the same state
connect kaspi
connect wb
connect ozon
market  kaspi creates {"number":"438000001"}
market  kaspi creates {"number":"438000002"}
market  wb creates {"id":"90400001"}
market  wb creates {"id":"90400002"}
market  ozon creates {"number":"0147-0001-1"}
market  ozon creates {"number":"0147-0002-1"}
market  kaspi breaks {"kind":"duplicate","times":100}
market  wb breaks {"kind":"duplicate","times":100}
market  ozon breaks {"kind":"duplicate","times":100}
run     jobs
as      manager
GET     /api/queue                       200  items.length=6
keep    order = items[number=438000001].id
GET     /api/orders/$order               200  history.length=1  lines.length=1
GET     /api/queue/counts                200  total.count=6
market  heals
market  kaspi breaks {"kind":"reorder","times":100}
market  wb breaks {"kind":"reorder","times":100}
market  ozon breaks {"kind":"reorder","times":100}
clock   +26m
run     jobs
GET     /api/queue                       200  items.length=6
GET     /api/orders/$order               200  history.length=1  lines.length=1  status=new
market  kaspi plays 438000001 cabinet_accepts
clock   +26m
run     jobs
clock   +26m
run     jobs
GET     /api/orders/$order               200  history.length=2  status=confirmed
GET     /api/parked                      200  items.length=0
