# Who sees one account sees its commands, parked records and numbers page by page, however many others have
connect kaspi as north
connect kaspi as south {"settings":{"token":"shop-2-token"}}
market  kaspi creates {"number":"438000017"}
run     jobs
clock   +1m
market  kaspi creates {"number":"438000027"}
run     jobs
clock   +1m
market  kaspi creates {"number":"438000037"}
run     jobs
as      owner
GET     /api/queue?account_id=$north     200  items.length=3
POST    /api/bulk  {"action":"confirm","query":"account_id=$north"}  200  done.length=3
POST    /api/bulk  {"action":"confirm","query":"account_id=$south"}  200
GET     /api/outbox?state=held&limit=2   200  items.length=2
keep    after = next
GET     /api/outbox?state=held&limit=200&after=$after  200  items.length>=1  next=null
GET     /api/outbox?after=x              400  code=query.invalid
POST    /api/users  {"name":"Север","login":"north","roles":["manager"],"accounts":["$north"],"password":"vremya-otkryvat-1"}  201
as      north
GET     /api/outbox?state=held&limit=2   200  items.length=2  items.0.account_id=$north  items.1.account_id=$north
keep    after = next
GET     /api/outbox?state=held&limit=2&after=$after  200  items.length=1  items.0.account_id=$north  next=null
GET     /api/search?q=438000017          200  orders.length=1  orders.0.account_id=$north
GET     /api/parked?limit=1              200  items.length=0  next=null
GET     /api/parked?after=-1             400
