# The town of the pictures has returns under way, and its orders stay as they were
scene   karapuz
connect kaspi
connect wb
connect ozon
run     jobs
clock   +1s
run     jobs
as      owner
GET     /api/returns?limit=50            200  items.length=21
# Two burn: what is left of them is less than eight hours, whatever their days were.
GET     /api/returns/counts              200  zones.red.count=2  zones.breached.count=0
GET     /api/returns?zone=red            200  items.length=2
