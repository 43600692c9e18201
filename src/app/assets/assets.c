#include "app/assets/assets.h"
#include "app/assets/assets_table.h"

const struct asset *asset_find(str path)
{
    int low = 0, high = assets_count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        int order  = str_cmp(path, str_of(assets_table[middle].path));
        if (order == 0)
            return &assets_table[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
