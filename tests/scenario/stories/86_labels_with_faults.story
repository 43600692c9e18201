# A label that comes late, broken or not at all says why, and stops nothing else
connect kaspi
connect wb {"settings":{"token":"eyJhbGciOiJFUzI1NiJ9.eyJleHAiOjE5MDAwMDAwMDB9.sig","sticker_type":"zplv","sticker_size":"40x30"}}
connect ozon
market  wb creates {"id":"90400001","stage":"accepted","lines":[{"sku":"TOY-7","title":"Кубики","qty":1,"price":"4990.00"}]}
market  wb creates {"id":"90400002","lines":[{"sku":"TOY-7","title":"Кубики","qty":1,"price":"4990.00"}]}
market  ozon creates {"number":"0147-0001-1","stage":"accepted","lines":[{"sku":"KRP-1405","title":"Коляска","qty":1,"price":"89900.00"}]}
market  kaspi creates {"number":"438000001","kaspi_delivery":false,"stage":"accepted","lines":[{"sku":"NUTR-1","title":"Смесь","qty":2,"price":"7600.00"}]}
run     jobs
as      manager
GET     /api/orders?q=90400001           200  items.length=1
keep    wb_order = items.0.id
GET     /api/orders?q=0147-0001-1        200  items.length=1
keep    ozon_order = items.0.id
GET     /api/orders?q=438000001          200  items.length=1
keep    kaspi_order = items.0.id
# The market asks to slow down, then tells half of an answer, then half of a file.
market  wb breaks {"path_contains":"stickers","kind":"429","times":1,"retry_after_s":20}
market  ozon breaks {"path_contains":"ticket","kind":"broken","times":1}
POST    /api/labels {"ids":["$wb_order","$ozon_order","$kaspi_order"],"ask":true}  200  items.0.state=waiting  items.2.state=none  items.2.problem=label.none
run     jobs
POST    /api/labels {"ids":["$wb_order","$ozon_order"]}  200  items.0.state=waiting  items.1.state=waiting
clock   +21s
market  wb breaks {"path_contains":"stickers","kind":"cut","times":1}
run     jobs
POST    /api/labels {"ids":["$wb_order","$ozon_order"]}  200  items.0.state=waiting  items.0.problem~channel.  items.1.state=waiting  items.1.problem=label.broken
clock   +10s
run     jobs
clock   +10s
run     jobs
POST    /api/labels {"ids":["$wb_order","$ozon_order"]}  200  items.0.state=here  items.0.type=zpl  items.0.width_mm=40  items.0.height_mm=30  items.1.state=here
GET     /api/orders/$wb_order/label      200  header.Content-Type~text/plain  body~^XA  header.Content-Disposition~.zpl
# Orders came in all the while: labels are asked for by the side.
GET     /api/accounts                    200  items.0.state=active  items.1.state=active  items.2.state=active
