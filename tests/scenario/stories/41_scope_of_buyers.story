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
# Pairs of two records of north are asked; a pair with a record of south is not, nor counted, nor decided.
as      owner
POST    /api/import/orders?account=$south  {"number":"S-3","customer_name":"Асель Нурланова","customer_phone":"+77017770033","delivery_address":"Абая 11, кв. 6","city":"Алматы","grand_total":"1000.00","currency":"KZT","placed_at":"2026-12-14T04:00:00Z"}  200  new=1
POST    /api/import/orders?account=$north  {"number":"N-4","customer_name":"Нурланова Асель","customer_phone":"+77017770044","delivery_address":"Абая 11, кв. 6","city":"Алматы","grand_total":"1000.00","currency":"KZT","placed_at":"2026-12-14T04:00:00Z"}  200  new=1
GET     /api/identity/suggestions        200  count=1
keep    foreign = items.0.id
POST    /api/import/orders?account=$north  {"number":"N-2","customer_name":"Роза Калиева","customer_phone":"+77017770011","delivery_address":"Абая 10, кв. 5","city":"Алматы","grand_total":"1000.00","currency":"KZT","placed_at":"2026-12-14T04:00:00Z"}  200  new=1
POST    /api/import/orders?account=$north  {"number":"N-3","customer_name":"Калиева Роза","customer_phone":"+77017770022","delivery_address":"ул. Абая, д. 10, кв. 5","city":"Алматы","grand_total":"1000.00","currency":"KZT","placed_at":"2026-12-14T04:00:00Z"}  200  new=1
GET     /api/identity/suggestions        200  count=2
as      north
GET     /api/identity/suggestions        200  count=1  items.length=1  body~Калиева  body!~Асель
GET     /api/identity/summary            200  suggestions=1
POST    /api/identity/suggestions/decide  {"items":[{"id":"$foreign","decision":"different"}]}  200  results.0.ok=false
as      owner
# The copy of a person's data holds what the accounts of who asks know.
POST    /api/users  {"name":"Хозяин севера","login":"northern","roles":["owner"],"accounts":["$north"],"password":"vremya-otkryvat-1"}  201
as      northern
GET     /api/customers/$hers/data        200  sources.length=1  orders.length=1  orders.0.number=N-1  body!~Петровна  body!~S-2
as      owner
GET     /api/customers/$other            200  orders.length=1
# Sources are named by the telephone when the market names nobody: that name is a contact, too.
as      marketer
GET     /api/customers/$hers             200  body!~7771234567
