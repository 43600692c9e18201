# Labels that the markets draw are fetched once, kept, printed and remembered
connect kaspi
connect wb
connect ozon
market  kaspi creates {"number":"438000001","kaspi_delivery":true,"stage":"accepted","lines":[{"sku":"NUTR-1","title":"Смесь","qty":2,"price":"7600.00"}]}
market  wb creates {"id":"90400001","lines":[{"sku":"TOY-7","title":"Кубики","qty":1,"price":"4990.00"}]}
market  ozon creates {"number":"0147-0001-1","lines":[{"sku":"KRP-1405","title":"Коляска","qty":1,"price":"89900.00"}]}
run     jobs
as      manager
GET     /api/orders?q=438000001          200  items.length=1
keep    kaspi_order = items.0.id
GET     /api/orders?q=90400001           200  items.length=1
keep    wb_order = items.0.id
GET     /api/orders?q=0147-0001-1        200  items.length=1
keep    ozon_order = items.0.id
# Before its step an order has none, and says what it waits for: nobody is asked.
POST    /api/labels {"ids":["$ozon_order","$wb_order","$kaspi_order"],"ask":true}  200  items.length=3  items.0.number=0147-0001-1
        items.0.state=none  items.0.problem=label.after_ready  items.1.problem=label.after_confirm  items.2.problem=label.after_ready  statements<=4
GET     /api/orders/$wb_order/label      404
# Each takes its step.
POST    /api/orders/$wb_order/confirm    200
POST    /api/orders/$kaspi_order/assemble 200
POST    /api/orders/$kaspi_order/ready {"boxes":2}  200
POST    /api/orders/$ozon_order/confirm  200
POST    /api/orders/$ozon_order/assemble 200
POST    /api/orders/$ozon_order/ready    200
clock   +10s
run     jobs
POST    /api/labels {"ids":["$ozon_order","$wb_order","$kaspi_order"],"ask":true}  200  items.0.state=waiting  items.1.state=waiting  items.2.state=waiting
# Asked for again it is not asked for twice. A sticker is there at once; the others are drawn three quarters of a minute after packing.
POST    /api/labels {"ids":["$ozon_order","$wb_order","$kaspi_order"],"ask":true}  200  items.0.state=waiting
run     jobs
POST    /api/labels {"ids":["$ozon_order","$wb_order","$kaspi_order"]}  200  items.0.state=waiting  items.0.problem=label.not_ready  items.1.state=here
        items.1.type=png  items.1.width_mm=58  items.1.height_mm=40  items.2.state=waiting  items.2.next_at!=null  statements<=4
clock   +60s
run     jobs
clock   +60s
run     jobs
clock   +10s
run     jobs
POST    /api/labels {"ids":["$ozon_order","$kaspi_order"]}  200  items.0.state=here  items.0.type=pdf  items.0.width_mm=0  items.1.state=here  items.1.type=pdf
# The file is handed over as it came, and as nothing else.
GET     /api/orders/$ozon_order/label    200  body~%PDF-1.4  header.Content-Type=application/pdf  header.X-Content-Type-Options=nosniff
        header.Content-Disposition~label-0147-0001-1.pdf  header.Content-Security-Policy~sandbox  header.Cache-Control=no-store
GET     /api/orders/$kaspi_order/label   200  body~"/Count 2"
GET     /api/orders/$wb_order/label      200  header.Content-Type=image/png  header.Content-Disposition~attachment
# Printing is remembered: on the label, in the order's history, in the log of changes. Printing again is said to be that.
POST    /api/labels/printed {"ids":["$ozon_order","$wb_order"]}  200  done.length=2
POST    /api/labels/printed {"ids":["$ozon_order"]}  200  done.length=1
POST    /api/labels {"ids":["$ozon_order","$wb_order","$kaspi_order"]}  200  items.0.prints=2  items.0.printed_at!=null  items.1.prints=1  items.2.prints=0
GET     /api/orders/$ozon_order          200  history[note=label_printed].actor_kind=user  history[note=label_reprinted].actor_kind=user
as      owner
GET     /api/audit?action=order.label_reprint  200  items.length=1  items.0.entity_id=$ozon_order
# Whoever does not pack gets none; a picker has those that are in the warehouse's hands.
as      accountant
POST    /api/labels {"ids":["$wb_order"],"ask":true}  403
GET     /api/orders/$kaspi_order/label   403
as      picker
POST    /api/labels {"ids":["$wb_order","$ozon_order"]}  200  items.length=2
GET     /api/orders/$ozon_order/label    200
as      manager
POST    /api/labels {"query":"status=ready_to_ship"}  200  items.length=2
POST    /api/orders/$wb_order/cancel {"reason":"seller"}  200
as      picker
GET     /api/orders/$wb_order/label      404
POST    /api/labels {"ids":["$wb_order"]}  200  items.length=0
# A month later the files are gone, and who needs one asks again; a program may do it as well.
as      owner
POST    /api/keys {"name":"Склад","scopes":["orders.see","picking"]}  201
keep    key = secret
as      key $key
clock   +31d
run     jobs
GET     /api/orders/$ozon_order/label    404
POST    /api/labels {"ids":["$ozon_order"]}  200  items.0.state=none  items.0.prints=2
