# Who sees one account sees no buyer, source or import of another
connect kaspi as north
connect kaspi as south {"settings":{"token":"shop-2-token"}}
as      owner
POST    /api/import/orders?account=$north  {"number":"N-1","customer_name":"Мария Иванова","customer_phone":"+77771234567","grand_total":"1000.00","currency":"KZT","placed_at":"2026-12-15T04:00:00Z"}  200  new=1
POST    /api/import/orders?account=$south  {"number":"S-1","customer_name":"Асель Нурланова","customer_phone":"+77015554433","grand_total":"2000.00","currency":"KZT","placed_at":"2026-12-15T04:00:00Z"}  200  new=1
keep    south_import = id
POST    /api/import/orders?account=$south  {"number":"S-2","customer_name":"Мария Петровна Иванова","customer_phone":"+77771234567","grand_total":"3000.00","currency":"KZT","placed_at":"2026-12-15T04:00:00Z"}  200  new=1
GET     /api/customers                   200  items.length=2
keep    hers = items[phone=+77771234567].id
keep    other = items[phone=+77015554433].id
GET     /api/customers/$hers             200  sources.length=2  orders.length=2
POST    /api/users  {"name":"Север","login":"north","roles":["manager"],"accounts":["$north"],"password":"vremya-otkryvat-1"}  201
as      north
GET     /api/customers                   200  items.length=1  items.0.id=$hers
GET     /api/customers?q=5554433         200  items.length=0
GET     /api/customers?q=Асель           200  items.length=0
GET     /api/customers?q=Мария           200  items.length=1
GET     /api/search?q=5554433            200  customers.length=0
GET     /api/search?q=Асель              200  customers.length=0
GET     /api/search?q=77771234567        200  customers.length=1  orders.length=1  orders.0.number=N-1
GET     /api/customers/$other            404
GET     /api/customers/$hers             200  sources.length=1  sources.0.account_id=$north  orders.length=1  body!~Петровна
POST    /api/imports/$south_import/undo  404
as      owner
GET     /api/customers/$other            200  orders.length=1
# Sources are named by the telephone when the market names nobody: that name is a contact, too.
as      marketer
GET     /api/customers/$hers             200  body!~7771234567
