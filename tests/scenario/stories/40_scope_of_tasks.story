# Who sees one account sees and changes no task of another's orders
connect kaspi as north
connect kaspi as south {"settings":{"token":"shop-2-token"}}
market  kaspi creates {"number":"438000001"}
run     jobs
as      owner
GET     /api/queue?account_id=$north     200  items.length=1
keep    mine = items.0.id
GET     /api/queue?account_id=$south     200  items.length=1
keep    other = items.0.id
POST    /api/orders/$mine/tasks  {"title":"позвонить"}   201
POST    /api/orders/$other/tasks  {"title":"пересчитать"}  201  version=1
keep    task = id
GET     /api/tasks                       200  items.length=2
POST    /api/users  {"name":"Север","login":"north","roles":["manager"],"accounts":["$north"],"password":"vremya-otkryvat-1"}  201
as      north
GET     /api/tasks                       200  items.length=1  items.0.order_id=$mine
GET     /api/tasks?state=open&sort=due_at&limit=1  200  items.length=1  next=null
GET     /api/tasks?order_id=$other       200  items.length=0
PATCH   /api/tasks/$task  {"state":"done"}  if=1  404
as      owner
GET     /api/tasks?order_id=$other       200  items.0.state=open
