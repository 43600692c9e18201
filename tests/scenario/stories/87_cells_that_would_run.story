# What a buyer writes never runs as a formula in any file of ours, nor breaks out of its cell or of a header
as      owner
POST    /api/import/orders  {"number":"700000071","status":"completed","customer_name":"=HYPERLINK(1)","customer_phone":"+77771234567","city":"@SUM(1+1)","delivery_address":"+cmd|calc","customer_email":"maria@email.kz","grand_total":"1000.00","currency":"KZT","placed_at":"2026-12-15T04:00:00Z","lines":[{"article":"-2+3","title":"=cmd;\"x","qty":1,"unit_price":"1000.00"}]}  200  new=1
GET     /api/search?q=700000071          200
keep    order = orders.0.id
POST    /api/returns  {"order_id":"$order","lines":[{"line":1,"qty":1}],"reason":"size"}   201
GET     /api/export/orders?format=csv    200  header.Content-Type~text/csv  body~'=HYPERLINK(1)  body~'@SUM(1+1)  body~'+cmd|calc  body~'-2+3  body!~;=  body!~;@  body!~;-2  body!~;"=  body!~;+cmd
GET     /api/export/customers            200  header.Content-Type~text/csv  body~'=HYPERLINK(1)  body!~;=  body!~;@  body!~;"=  body!~;+cmd
GET     "/api/reports/returns/file?by=product&format=csv&from=2026-12-10&to=2026-12-16"  200  header.Content-Type~text/csv  "body~'=cmd;"  body!~;=  body!~;"=
# A number stays a number, and a name of a file is ours.
GET     /api/export/orders?format=csv    200  body~;1000  header.Content-Disposition~attachment  header.Content-Disposition!~HYPERLINK
