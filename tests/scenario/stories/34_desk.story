# Assigning, notes and tasks stay beside the order and reach the open screens
connect kaspi
market  kaspi creates {"number":"438000001"}
run     jobs
as      manager
GET     /api/session                     200  user.login=manager
keep    me = user.id
GET     /api/queue                       200
keep    order = items.0.id
listen
POST    /api/orders/$order/assign  {"assignee_id":"$me"}  200  assignee_id=$me
hears   order id=$order kind=assigned
GET     /api/queue?assignee_id=me        200  items.length=1
GET     /api/queue?assignee_id=none      200  items.length=0
POST    /api/orders/$order/notes  {"text":"звонил, просил вечером"}  201  author_name=manager
POST    /api/orders/$order/tasks  {"title":"перезвонить","due_at":"2026-12-16T06:00:00Z"}  201  state=open
keep    task = id
PATCH   /api/tasks/$task  {"state":"done"}  428
GET     /api/orders/$order               200  notes.0.text~вечером  tasks[id=$task].state=open
keep    version = tasks.0.version
PATCH   /api/tasks/$task  if=$version  {"state":"done"}  200  state=done
POST    /api/orders/$order/assign  {"assignee_id":null}  200  assignee_id=null
POST    /api/orders/$order/notes  {"text":""}  422
