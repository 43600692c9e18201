# A Kaspi order goes all the way from the market to the buyer
connect kaspi
market  kaspi creates {"number":"438000001","lines":[{"sku":"NUTR-1","title":"Смесь","qty":2,"price":"7600.00"}],"buyer":{"name":"Мария","surname":"Иванова","phone":"7771234567"}}
run     jobs
as      manager
GET     /api/queue                       200  items.length=1  items.0.number=438000001  items.0.status=new  items.0.total=15200.00
keep    order = items.0.id
POST    /api/orders/$order/confirm       200  order.status=confirmed  order.command.state=held  undo!=absent
run     jobs
market  kaspi got nothing
clock   +5s
run     jobs
market  kaspi got accept 438000001
GET     /api/orders/$order               200  commands.0.op=confirm  commands.0.state=done
