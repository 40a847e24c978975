#include "san/chap.h"

#include "util/md5.h"

namespace san {

ChapResponse chap_response(std::uint8_t identifier, std::string_view secret, util::Bytes challenge) {
    util::Md5 md5;
    md5.update({reinterpret_cast<const std::byte*>(&identifier), sizeof identifier});
    md5.update(util::as_bytes(secret));
    md5.update(challenge);
    return md5.digest();
}

}  // namespace san
