# Two accounts of one channel keep their orders, limits and people apart
connect kaspi as north
connect kaspi as south {"settings":{"token":"shop-2-token"}}
market  kaspi creates {"number":"438000001"}
run     jobs
as      owner
GET     /api/queue                       200  items.length=2
GET     /api/queue?account_id=$north     200  items.length=1  items.0.account_id=$north
keep    mine = items.0.id
GET     /api/queue?account_id=$south     200  items.length=1  items.0.account_id=$south
keep    other = items.0.id
POST    /api/users  {"name":"Север","login":"north","roles":["manager"],"accounts":["$north"],"password":"vremya-otkryvat-1"}  201
as      north
GET     /api/queue                       200  items.length=1  items.0.id=$mine
GET     /api/queue/counts                200  total.count=1
GET     /api/orders/$other               404
POST    /api/orders/$other/confirm       404
GET     /api/orders/$mine                200
GET     /api/search?q=438000001          200  orders.length=1  orders.0.id=$mine
POST    /api/bulk  {"action":"confirm","ids":["$mine","$other"]}  200  done.length=1  done.0=$mine  refused.length=1
                                              refused.0.code=not_found
POST    /api/orders/$other/notes  {"text":"x"}  404
GET     /api/overview                    200  new.channels.length=1
