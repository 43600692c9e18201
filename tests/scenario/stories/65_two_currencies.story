# A buyer who pays in two currencies: sums and means of each, never one of both
as      owner
POST    /api/import/orders  {"number":"K-1","customer_name":"Мария Иванова","customer_phone":"+77771234567","grand_total":"10000.00","currency":"KZT","placed_at":"2026-11-15T04:00:00Z"}  200  new=1
POST    /api/import/orders  {"number":"K-2","customer_name":"Мария Иванова","customer_phone":"+77771234567","grand_total":"20000.00","currency":"KZT","placed_at":"2026-11-16T04:00:00Z"}  200  new=1
POST    /api/import/orders  {"number":"R-1","customer_name":"Мария Иванова","customer_phone":"+77771234567","grand_total":"900.00","currency":"RUB","placed_at":"2026-11-17T04:00:00Z"}  200  new=1
GET     /api/customers?q=1234567         200  items.length=1
keep    maria = items.0.id
GET     /api/customers/$maria            200  figures.orders=3  figures.sum=30000.00  figures.currency=KZT  figures.average=15000.00  figures.currencies.length=2
 figures.currencies[currency=KZT].orders=2  figures.currencies[currency=KZT].sum=30000.00  figures.currencies[currency=KZT].average=15000.00
 figures.rfm.recency=5  figures.rfm.frequency=3  figures.rfm.money=3  figures.rfm.segment=loyal  figures.shop_average=15000.00
 figures.currencies[currency=RUB].orders=1  figures.currencies[currency=RUB].average=900.00
