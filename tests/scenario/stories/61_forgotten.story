# A person gets a copy of everything, is forgotten everywhere, and the orders keep their sums
as      owner
POST    /api/import/orders  {"number":"A-1","status":"completed","customer_name":"Мария Иванова","customer_phone":"+77771234567","customer_email":"maria@email.kz","delivery_address":"Абая 10","grand_total":"240000.00","currency":"KZT","placed_at":"2026-11-15T04:00:00Z"}  200  new=1
GET     /api/customers?q=1234567         200  items.length=1
keep    maria = items.0.id
POST    /api/customers/$maria/consents   {"purpose":"marketing","medium":"sms","state":"given","text_version":"2026-1","proof":"форма на сайте"}  201  state=given
POST    /api/customers/$maria/consents   {"purpose":"marketing","medium":"fax","state":"given"}  422
POST    /api/customers/$maria/consents   {"purpose":"marketing","medium":"sms","state":"withdrawn","channel":"kaspi","proof":"стоп"}  201
GET     /api/customers/$maria/consents   200  items.length=2  items.0.state=withdrawn  items.0.proof=стоп  items.1.state=given
GET     /api/customers/$maria            200  consents.0.medium=sms  consents.0.state=withdrawn  figures.sum=240000.00  do_not_contact=false  erase_request=null
keep    version = version
# Whom not to write to: by contacts, or by the card; the list tells of a contact at hand only.
POST    /api/do-not-contact  {"contacts":"8 777 123-45-67\nкто-то; +77015554433"}  200  contacts=2  known=0  bad.0=2
GET     /api/customers                   200  items.0.do_not_contact=true
GET     /api/customers/$maria            200  do_not_contact=true
POST    /api/customers/$maria/do-not-contact  {"remove":true}  204
GET     /api/customers/$maria            200  do_not_contact=false
POST    /api/do-not-contact  {"contacts":""}  422
GET     /api/customers/$maria/data       200  profile.phone=+77771234567  orders.length=1  consents.length=2  "orders.0.address=Абая 10"
GET     /api/customers/$maria/data?format=html  200  body~+77771234567  body~<h1>
as      manager
GET     /api/customers/$maria/data       403
# Two persons: one asks with a reason, another approves; who asked cannot.
POST    /api/customers/$maria/erase-requests  {"reason":"because"}  422
as      marketer
POST    /api/customers/$maria/erase-requests  {"reason":"asked"}  403
as      owner
POST    /api/customers/$maria/erase-requests  {"reason":"asked"}  201  state=waiting
keep    own = id
GET     /api/customers/$maria            200  erase_request.own=true  erase_request.needs_other=true
POST    /api/erase-requests/$own/approve  {"version":$version}  409
POST    /api/erase-requests/$own/refuse  200  state=refused
POST    /api/erase-requests/$own/refuse  409
as      manager
POST    /api/customers/$maria/erase-requests  {"reason":"asked","do_not_contact":true}  201  asked_name=manager
keep    asked = id
POST    /api/customers/$maria/erase-requests  {"reason":"asked"}  409
POST    /api/erase-requests/$asked/approve  {"version":$version}  403
as      owner
GET     /api/erase-requests?state=waiting  200  items.length=1  items.0.id=$asked
GET     /api/customers/$maria            200  erase_request.own=false  erase_request.needs_other=false
POST    /api/erase-requests/$asked/approve  {}  428
POST    /api/erase-requests/$asked/approve  {"version":99}  412
POST    /api/erase-requests/$asked/approve  {"version":$version}  200  orders_n=1  do_not_contact=true  reason=asked  asked_name=manager  body!~7771234567
GET     /api/erase-requests              200  items[id=$asked].state=done  body!~Иванова
GET     /api/customers?q=1234567         200  items.length=0
GET     /api/search?q=77771234567        200  customers.length=0
GET     /api/search?q=Иванова            200  customers.length=0
GET     /api/customers/$maria            200  state=erased  phone=  figures.sum=240000.00  body!~Иванова  body!~maria@
GET     /api/orders                      200  items.0.total=240000.00  body!~Иванова
GET     /api/audit                       200  body!~7771234567  body!~maria@
GET     /api/erasures                    200  items.length=1  items.0.customers=$maria
POST    /api/erase-requests/$asked/approve  {"version":$version}  409
POST    /api/customers/$maria/erase-requests  {"reason":"asked"}  409
# Who comes back with the same telephone is known as one not to be written to.
POST    /api/import/orders  {"number":"A-2","customer_name":"М. И.","customer_phone":"+77771234567","grand_total":"1000.00","currency":"KZT","placed_at":"2026-12-15T04:00:00Z"}  200  new=1
GET     /api/customers?q=1234567         200  items.length=1  items.0.do_not_contact=true
