// HTTP answers and challenges. What is read does not depend on how the bytes are cut, nothing is taken twice, and no more
// content comes out than went in. The first byte is the size of the pieces.
#include <cstdint>
#include <string>

#include "net/wire/http.h"
#include "net/wire/http_auth.h"

namespace {

class NoRandom final : public net::Random {
    void fill(util::MutableBytes target) override {
        for (auto& byte : target) byte = std::byte{0};
    }
};

struct Read {
    net::HttpReader reader;
    std::string body;
    std::size_t taken = 0;
};

void read(Read& read, std::string_view text, std::size_t piece) {
    read.reader.start(net::HttpReader::Body::Expected);
    while (!text.empty() && read.reader.state() < net::HttpReader::State::Done) {
        auto taken = read.reader.take(util::as_bytes(text.substr(0, piece)));
        ASSERT(taken.count > 0 && taken.count <= std::min(piece, text.size()));
        ASSERT(taken.body.size() <= taken.count);
        read.body += util::as_text(taken.body);
        read.taken += taken.count;
        text.remove_prefix(taken.count);
    }
    read.reader.end();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size < 1) return 0;
    std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    Read whole, pieces;
    read(whole, text, SIZE_MAX);
    read(pieces, text, data[0] % 64 + 1);
    ASSERT(whole.reader.state() == pieces.reader.state());
    ASSERT(whole.body == pieces.body);
    ASSERT(whole.taken == pieces.taken || whole.reader.state() == net::HttpReader::State::Failed);
    ASSERT(whole.reader.response().status == pieces.reader.response().status);
    for (char c : whole.reader.response().reason.view()) ASSERT(c >= ' ' && c <= '~');

    NoRandom random;
    net::HttpAuthentication authentication;
    for (std::string_view challenges : {text, whole.reader.response().challenges.view()}) {
        if (!authentication.challenge(challenges).ok()) continue;
        util::String field;
        authentication.append_field(field, {"GET", "/"}, "user", "password", random).take();
        ASSERT(field.view().starts_with("Authorization: ") && field.view().ends_with("\r\n"));
    }
    return 0;
}
