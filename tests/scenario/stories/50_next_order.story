# «Next» gives each person the most urgent order that nobody has, within what they may see
connect kaspi as north
connect kaspi as south {"settings":{"token":"shop-2-token"}}
market  kaspi creates {"number":"438000001"}
market  kaspi creates {"number":"438000002"}
run     jobs
as      owner
GET     /api/queue?account_id=$north     200  items.length=2
keep    first = items.0.id
keep    second = items.1.id
POST    /api/users  {"name":"Север","login":"north","roles":["manager"],"accounts":["$north"],"password":"vremya-otkryvat-1"}  201
as      north
GET     /api/session                     200
keep    me = user.id
POST    /api/queue/next  {"query":"status=new"}  200  order.id=$first  order.assignee_id=$me  statements<=25
POST    /api/queue/next  {"query":"status=new"}  200  order.id=$second
POST    /api/queue/next  {"query":"status=new"}  200  order=null
GET     /api/queue?assignee_id=me,none   200  items.length=2
GET     /api/queue?assignee_id=none      200  items.length=0
POST    /api/orders/$first/assign  {"assignee_id":null}  200
GET     /api/queue?assignee_id=me,none   200  items.length=2
GET     /api/queue?assignee_id=me        200  items.length=1
POST    /api/queue/next  {"query":"zone=nonsense"}  400  code=query.invalid
POST    /api/queue/next  {"query":"status=confirmed"}  200  order=null
as      accountant
POST    /api/queue/next  {"query":""}    403
