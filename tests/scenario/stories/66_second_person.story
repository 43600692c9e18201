# Who has his rights by a role of the shop's own is the second person too, and one request is decided once
as      owner
POST    /api/import/orders  {"number":"A-1","status":"completed","customer_name":"Мария Иванова","customer_phone":"+77771234567","grand_total":"100.00","currency":"KZT","placed_at":"2026-11-15T04:00:00Z"}  200  new=1
GET     /api/customers?q=1234567         200
keep    maria = items.0.id
GET     /api/customers/$maria            200
keep    version = version
# Alone in the shop one may ask and approve.
POST    /api/customers/$maria/erase-requests  {"reason":"asked"}  201
keep    ask = id
GET     /api/customers/$maria            200  erase_request.needs_other=false
# A colleague comes, with a role that the shop has made.
POST    /api/roles  {"name":"Смена","permissions":["orders.see","contacts.see","customers.see"]}  201
keep    shift = id
POST    /api/users  {"name":"Асем","login":"asem","roles":[],"own_roles":["$shift"],"password":"vremya-otkryvat-1"}  201
GET     /api/customers/$maria            200  erase_request.needs_other=true
POST    /api/erase-requests/$ask/approve  {"version":$version}  409
as      nobody
POST    /api/session  {"login":"asem","password":"vremya-otkryvat-1"}  200
as      asem
POST    /api/erase-requests/$ask/approve  {"version":$version}  403
as      owner
POST    /api/erase-requests/$ask/refuse  200  state=refused
POST    /api/erase-requests/$ask/refuse  409
POST    /api/erase-requests/$ask/approve  {"version":$version}  409
GET     /api/customers/$maria            200  state=active  erase_request=null
