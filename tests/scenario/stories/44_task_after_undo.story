# Whoever takes a step back finds the warehouse task open again, and the day's figures as they were
connect kaspi
market  kaspi creates {"number":"438000001"}
run     jobs
as      manager
GET     /api/queue                       200  items.length=1
keep    order = items.0.id
POST    /api/orders/$order/confirm       200
keep    token = undo
GET     /api/overview/figures            200  figures[key=minutes_to_confirm].value!=null
POST    /api/undo  {"token":"$token"}    200  undone.length=1
GET     /api/overview/figures            200  figures[key=minutes_to_confirm].value=null
POST    /api/orders/$order/confirm       200
clock   +6s
run     jobs
GET     /api/overview/figures            200  figures[key=minutes_to_confirm].value!=null
POST    /api/orders/$order/cancel  {"reason":"MERCHANT_OUT_OF_STOCK"}  200  order.status=cancelled
keep    token = undo
GET     /api/overview/figures            200  figures[key=cancelled].value=1
GET     /api/orders/$order               200  tasks[state=open]=absent
POST    /api/undo  {"token":"$token"}    200  undone.length=1
GET     /api/orders/$order               200  status=confirmed  tasks[state=open].kind=pick  tasks.length=2
GET     /api/overview/figures            200  figures[key=cancelled].value=0  figures[key=minutes_to_confirm].value!=null
POST    /api/orders/$order/assemble      200
POST    /api/orders/$order/ready         200  order.status=ready_to_ship
keep    token = undo
GET     /api/orders/$order               200  tasks[state=open]=absent
POST    /api/undo  {"token":"$token"}    200  undone.length=1
GET     /api/orders/$order               200  status=assembling  tasks[state=open].kind=pick  tasks.length=2
