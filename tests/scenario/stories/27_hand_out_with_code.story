# An order that the seller hands out himself ends with the code that the buyer shows
connect kaspi
market  kaspi creates {"number":"438000001","kaspi_delivery":false,"mode":"DELIVERY_PICKUP"}
run     jobs
as      manager
GET     /api/queue                       200  items.length=1
keep    order = items.0.id
POST    /api/orders/$order/confirm       200
clock   +5s
run     jobs
POST    /api/orders/$order/assemble      200
POST    /api/orders/$order/ready         200
clock   +5s
run     jobs
POST    /api/orders/$order/hand_over     200  order.status=in_delivery
clock   +5s
run     jobs
# The market has sent the buyer a code and waits for it: the order stands where it stood, with words.
market  kaspi got send_code 438000001
GET     /api/orders/$order               200  status=ready_to_ship  commands[op=hand_over].state=refused  commands[op=hand_over].text~code
market  kaspi shows 438000001
keep    code = items.0.code
POST    /api/orders/$order/hand_over  {"code":"$code"}  200
clock   +5s
run     jobs
market  kaspi got complete 438000001
clock   +20m
run     jobs
GET     /api/orders/$order               200  status=completed
