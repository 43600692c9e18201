# People come and go in files, several cards become one at once or none, and a filter tells what it comes to
connect kaspi
as      owner
POST    /api/import/orders  {"number":"A-1","customer_name":"Мария Иванова","customer_phone":"+77771234567","city":"Алматы","grand_total":"240000.00","currency":"KZT","placed_at":"2026-11-15T04:00:00Z"}  200  new=1
POST    /api/import/orders  {"number":"A-2","customer_name":"М. Иванова","customer_phone":"+77015550002","city":"Алматы","grand_total":"5000.00","currency":"KZT","placed_at":"2026-11-16T04:00:00Z"}  200  new=1
POST    /api/import/orders  {"number":"A-3","customer_name":"Маша","customer_phone":"+77015550003","city":"Тараз","grand_total":"700.00","currency":"KZT","placed_at":"2026-11-17T04:00:00Z"}  200  new=1
as      manager
GET     /api/customers?sort=first_order_at  200  items.length=3
keep    maria = items.0.id
keep    v1 = items.0.version
keep    two = items.1.id
keep    v2 = items.1.version
keep    three = items.2.id
keep    v3 = items.2.version
# What a filter comes to.
GET     /api/customers/totals             200  count=3  count_is_floor=false  sums.length=1  sums.0.currency=KZT  sums.0.sum=245700.00  statements<=4
GET     /api/customers/totals?city=Тараз&sort=-net_spent&limit=1  200  count=1  sums.0.sum=700.00
GET     /api/customers/totals?view=vip    200  count=0  sums.length=0
GET     /api/customers/totals?nothing=1   400
as      marketer
GET     /api/customers/totals             200  count=3  sums.length=0
as      picker
GET     /api/customers/totals             403
# Three become one, all or none.
as      manager
POST    /api/customers/$maria/merge/many  {"only_try":true,"others":[{"id":"$two"},{"id":"$three"}]}  200  totals.orders=3  totals.sum=245700.00  kept.orders_count=3  barred=false  events.length=0
GET     /api/customers/$two               200  id=$two  figures.orders=1
POST    /api/customers/$maria/merge/many  {"version":$v1,"others":[{"id":"$two"},{"id":"$three"}]}  428
POST    /api/customers/$maria/merge/many  {"version":$v1,"others":[{"id":"$two","version":$v2},{"id":"$three","version":99}]}  412
GET     /api/customers/$two               200  id=$two
POST    /api/customers/$maria/merge/many  {"version":$v1,"others":[]}  422
POST    /api/customers/$maria/merge/many  {"version":$v1,"others":[{"id":"$two","version":$v2},{"id":"$maria","version":$v1}]}  409
POST    /api/customers/$maria/merge/many  {"version":$v1,"others":[{"id":"$two","version":$v2},{"id":"$three","version":$v3}]}  200  totals.orders=3  kept.orders_count=3  kept.net_spent=245700.00  events.length=2
keep    first = events.0
keep    last = events.1
GET     /api/customers/$three             200  id=$maria  sources.length=3
POST    /api/customers/$maria/unmerge     {"event":"$last","forget":true}  200  gone.id=$three
POST    /api/customers/$maria/unmerge     {"event":"$first","forget":true}  200  gone.id=$two
GET     /api/customers/totals             200  count=3
as      support
POST    /api/customers/$maria/merge/many  {"version":1,"others":[{"id":"$two","version":1}]}  403
# A file: tried, brought, brought again, taken back.
as      manager
POST    /api/import/customers?dry_run=1&name=people.csv  "text=Имя;Телефон;Почта;Город;Собака|Мария Иванова;8 777 123 45 67;maria@email.kz;Алматы;Рекс|Олжас Ким;87015550009;;Астана;|Никто;не телефон;;;|"  200
        dry_run=true  id=null  rows=3  unknown_columns.0=Собака  items.0.fate=new  "items.0.name=Мария Иванова"
GET     /api/customers/totals             200  count=3
POST    /api/import/customers?name=people.csv  "text=Имя;Телефон;Почта;Город|Мария Иванова;8 777 123 45 67;maria@email.kz;Алматы|Олжас Ким;87015550009;;Астана|"  200  dry_run=false  new=2  bad=0
keep    job = id
GET     /api/customers/totals             200  count=4
GET     /api/customers/$maria             200  email=maria@email.kz  sources.length=2
POST    /api/import/customers?name=people.csv  "text=Имя;Телефон;Почта;Город|Мария Иванова;8 777 123 45 67;maria@email.kz;Алматы|Олжас Ким;87015550009;;Астана|"  200  new=0  same=2  items.length=0
POST    /api/import/customers             "text="  400
POST    /api/import/customers?foo=1       "text=Имя|Аня|"  400
GET     /api/export/customers?city=Алматы  200  "body~Мария Иванова"  body~+77771234567  body!~Ким
GET     /api/export/customers?format=jsonl&view=new  200  body~Маша  body!~240000
GET     /api/export/customers?q=Мария     400
GET     /api/export/customers?format=pdf  400
as      marketer
GET     /api/export/customers             200  "body~Мария Иванова"  body!~77771234567  body!~240000
POST    /api/import/customers             "text=Имя|Аня|"  403
as      accountant
GET     /api/export/customers             403
as      owner
GET     /api/audit?action=customers.export  200  items.length=3
as      manager
POST    /api/imports/$job/undo            {}  200  removed=2  kept=0
GET     /api/customers/totals             200  count=3
GET     /api/customers/$maria             200  email=  sources.length=1
