# What is no list of tags and no text is refused, not taken for an empty one
connect kaspi
market  kaspi creates {"number":"438000001"}
run     jobs
as      manager
GET     /api/queue                       200  items.length=1
keep    order = items.0.id
PATCH   /api/orders/$order  {"tags":["опт"],"comment":"позвонить"}  if=1  200  tags.0=опт
PATCH   /api/orders/$order  {"tags":"опт"}  if=2  422
PATCH   /api/orders/$order  {"comment":7}  if=2  422
PATCH   /api/orders/$order  {"comment":["x"]}  if=2  422
GET     /api/orders/$order               200  tags.length=1  comment=позвонить
