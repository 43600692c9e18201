# Notes and tasks are written by who may, a picker ends the warehouse's tasks, and every change stands in the log
connect kaspi
market  kaspi creates {"number":"438000001","buyer":{"name":"Мария","surname":"Иванова","phone":"7771234567"}}
market  kaspi creates {"number":"438000002"}
run     jobs
as      manager
GET     /api/queue                       200
keep    order = items[number=438000001].id
keep    other = items[number=438000002].id
POST    /api/orders/$order/confirm       200
POST    /api/orders/$order/tasks  {"title":"позвонить"}  201
keep    call = id
as      support
POST    /api/orders/$order/notes  {"text":"просила позвонить"}  201
as      accountant
POST    /api/orders/$order/notes  {"text":"x"}  403
PATCH   /api/tasks/$call  {"state":"done"}  if=1  403
# A picker has the orders that are in the warehouse's hands, without telephones, and their tasks.
as      picker
GET     /api/queue                       200  items.length=1  items.0.id=$order
GET     /api/queue/counts                200  total.count=1
GET     /api/orders/$other               404
GET     /api/search?q=438000002          200  orders.length=0
GET     /api/orders/$order               200  recipient.phone=""  customer=null  body!~4567  body!~•67
GET     /api/tasks                       200  items.length=1  items.0.kind=pick
keep    pick = items.0.id
POST    /api/orders/$order/notes  {"text":"x"}  403
PATCH   /api/tasks/$call  {"state":"done"}  if=1  403
PATCH   /api/tasks/$pick  {"title":"x"}  if=1  403
PATCH   /api/tasks/$pick  {"state":"done"}  if=1  200  state=done
as      owner
GET     /api/audit?entity=task&entity_id=$pick  200  items.0.action=task.edit  items.0.before.state=open  items.0.after.state=done
GET     /api/audit?entity=task&entity_id=$call  200  items.0.action=task.create
GET     /api/audit?entity=order&entity_id=$order&action=order.note  200  items.length=1
