// Whether links get other addresses than their NICs': in images with the feature `settings`, where scripts may say so.
#include "embed/select_rows.h"
#include "net/link.h"

namespace net {

static constexpr bool kChange = embed::has_feature(embed::kSelection, "settings");

bool addresses_change() { return kChange; }

}  // namespace net
