# The buyer cancels while we are packing
connect kaspi
market  kaspi creates {"number":"438000001"}
run     jobs
as      manager
GET     /api/queue                       200  items.0.number=438000001
keep    order = items.0.id
POST    /api/orders/$order/confirm       200
POST    /api/orders/$order/assemble      200  order.status=assembling
clock   +10s
run     jobs
market  kaspi got accept 438000001
market  kaspi plays 438000001 buyer_cancels
clock   +20m
run     jobs
GET     /api/orders/$order               200  status=cancelled  cancel_side=buyer  tasks[state=open]=absent
POST    /api/orders/$order/ready         409  code=order.action_refused
GET     /api/queue                       200  items.length=0
