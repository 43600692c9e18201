# Who has an order open is told to colleagues who may see it, and forgotten when they leave or fall silent
connect kaspi as north
connect kaspi as south {"settings":{"token":"shop-2-token"}}
market  kaspi creates {"number":"438000001"}
run     jobs
as      owner
GET     /api/queue?account_id=$north     200
keep    mine = items.0.id
GET     /api/queue?account_id=$south     200
keep    other = items.0.id
POST    /api/users  {"name":"Север","login":"north","roles":["manager"],"accounts":["$north"],"password":"vremya-otkryvat-1"}  201
as      manager
listen
as      north
GET     /api/session                     200
keep    who = user.id
POST    /api/orders/$mine/presence  {}   204
hears   presence order_id=$mine user_id=$who name=Север
POST    /api/orders/$other/presence  {}  404
as      owner
POST    /api/orders/$other/presence  {}  204
GET     /api/presence                    200  body~Север  body~$mine  body~$other
as      north
GET     /api/presence                    200  body~$mine  body!~$other
clock   +50s
POST    /api/orders/$mine/presence  {}   204
clock   +20s
GET     /api/presence                    200  body~$mine
as      owner
GET     /api/presence                    200  body!~$other
as      north
POST    /api/orders/$mine/presence  {"gone":true}  204
hears   presence order_id=$mine
GET     /api/presence                    200  body=[]
as      nobody
GET     /api/presence                    401
