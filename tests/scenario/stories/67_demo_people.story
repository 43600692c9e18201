# Among the buyers of the demo are some whom the markets know too: found by phone and name, or asked about
scene   karapuz
store   sqlite
run     past
connect kaspi
connect ozon
run     jobs
clock   +1m
run     jobs
as      owner
GET     /api/customers?q=1234567         200  items.length=1  items.0.orders_count=12  items.0.net_spent=487000.00  "items.0.name=Мария Иванова"
keep    maria = items.0.id
GET     /api/customers/$maria            200  figures.orders=12  figures.sum=487000.00  figures.average=40583.33  email=maria@email.kz
GET     /api/identity/suggestions?limit=100  200  items.length=6  items.0.score>=600
