# How buyers rate the shop is asked of the markets that tell it, once a day, and stands beside the other figures
connect wb
connect ozon
run     jobs
as      owner
GET     /api/standing                    200  items.length=2
GET     /api/standing                    200  items[channel=wildberries].figures[figure=rating].value=470  items[channel=wildberries].figures[figure=rating].told_by=channel
GET     /api/standing                    200  items[channel=ozon].figures[figure=rating].value=470  items[channel=ozon].figures[figure=rating].told_by=channel
