# A person gets a copy of everything, is forgotten everywhere, and the orders keep their sums
as      owner
POST    /api/import/orders  {"number":"A-1","status":"completed","customer_name":"Мария Иванова","customer_phone":"+77771234567","customer_email":"maria@email.kz","delivery_address":"Абая 10","grand_total":"240000.00","currency":"KZT","placed_at":"2026-11-15T04:00:00Z"}  200  new=1
GET     /api/customers?q=1234567         200  items.length=1
keep    maria = items.0.id
POST    /api/customers/$maria/consents   {"purpose":"marketing","medium":"sms","state":"given","text_version":"2026-1","proof":"форма на сайте"}  201  state=given
POST    /api/customers/$maria/consents   {"purpose":"marketing","medium":"fax","state":"given"}  422
GET     /api/customers/$maria            200  consents.0.medium=sms  figures.sum=240000.00
keep    version = version
GET     /api/customers/$maria/data       200  profile.phone=+77771234567  orders.length=1  consents.length=1  "orders.0.address=Абая 10"
GET     /api/customers/$maria/data?format=html  200  body~+77771234567  body~<h1>
as      manager
GET     /api/customers/$maria/data       403
POST    /api/customers/$maria/erase      {"version":$version}  403
as      owner
POST    /api/customers/$maria/erase      {}  428
POST    /api/customers/$maria/erase      {"version":99}  412
POST    /api/customers/$maria/erase      {"version":$version,"do_not_contact":true}  200  orders_n=1  do_not_contact=true  body!~7771234567
GET     /api/customers?q=1234567         200  items.length=0
GET     /api/search?q=77771234567        200  customers.length=0
GET     /api/search?q=Иванова            200  customers.length=0
GET     /api/customers/$maria            200  state=erased  phone=  figures.sum=240000.00  body!~Иванова  body!~maria@
GET     /api/orders                      200  items.0.total=240000.00  body!~Иванова
GET     /api/audit                       200  body!~7771234567  body!~maria@
GET     /api/erasures                    200  items.length=1  items.0.customers=$maria
POST    /api/customers/$maria/erase      {"version":$version}  412
