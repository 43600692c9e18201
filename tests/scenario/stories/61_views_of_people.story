# The list of people has views with a plain rule each, and filters that stand in the address
connect kaspi
as      owner
POST    /api/import/orders  {"number":"V-1","customer_name":"Мария Иванова","customer_phone":"+77771234567","grand_total":"20000.00","currency":"KZT","placed_at":"2026-12-01T04:00:00Z"}  200
POST    /api/import/orders  {"number":"V-2","customer_name":"Мария Иванова","customer_phone":"+77771234567","grand_total":"20000.00","currency":"KZT","placed_at":"2026-12-02T04:00:00Z"}  200
POST    /api/import/orders  {"number":"V-3","customer_name":"Мария Иванова","customer_phone":"+77771234567","grand_total":"20000.00","currency":"KZT","placed_at":"2026-12-03T04:00:00Z"}  200
POST    /api/import/orders  {"number":"V-4","customer_name":"Мария Иванова","customer_phone":"+77771234567","grand_total":"1.00","currency":"KZT","placed_at":"2026-12-04T04:00:00Z"}  200
POST    /api/import/orders  {"number":"V-5","customer_name":"Мария Иванова","customer_phone":"+77771234567","grand_total":"1.00","currency":"KZT","placed_at":"2026-12-05T04:00:00Z"}  200
GET     /api/customers?view=vip          200  items.length=0
POST    /api/import/orders  {"number":"V-6","customer_name":"Мария Иванова","customer_phone":"+77771234567","grand_total":"1.00","currency":"KZT","placed_at":"2026-12-06T04:00:00Z"}  200
POST    /api/import/orders  {"number":"L-1","customer_name":"Роза Калиева","customer_phone":"+77015554433","grand_total":"5000.00","currency":"KZT","placed_at":"2026-06-01T04:00:00Z"}  200
POST    /api/import/orders  {"number":"L-2","customer_name":"Роза Калиева","customer_phone":"+77015554433","grand_total":"5000.00","currency":"KZT","placed_at":"2026-06-02T04:00:00Z"}  200
POST    /api/import/orders  {"number":"L-3","customer_name":"Роза Калиева","customer_phone":"+77015554433","grand_total":"5000.00","currency":"KZT","placed_at":"2026-06-03T04:00:00Z","city":"Астана"}  200
GET     /api/customers?view=vip          200  items.length=1  items.0.name~Мария  items.0.orders_count=6
GET     /api/customers?view=leaving      200  items.length=1  items.0.name~Роза
GET     /api/customers?view=asleep       200  items.length=1
GET     /api/customers?view=new          200  items.length=1  items.0.name~Мария
GET     /api/customers?city=Астана       200  items.length=1
GET     /api/customers?net_spent_from=50000.00&sort=-net_spent  200  items.length=1
GET     /api/customers?view=best         400
