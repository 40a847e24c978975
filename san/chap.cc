#include "san/chap.h"

#include <bearssl/bearssl_hash.h>

namespace san {

ChapResponse chap_response(std::uint8_t identifier, std::string_view secret, util::Bytes challenge) {
    br_md5_context context;
    br_md5_init(&context);
    br_md5_update(&context, &identifier, sizeof identifier);
    br_md5_update(&context, secret.data(), secret.size());
    br_md5_update(&context, challenge.data(), challenge.size());
    ChapResponse response;
    br_md5_out(&context, response.data());
    return response;
}

}  // namespace san
