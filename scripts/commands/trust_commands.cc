// imgtrust, imgverify: images that run only if somebody who is trusted has signed them.
#include <platform/console.h>

#include <algorithm>
#include <cstring>

#include "net/tls/cms.h"
#include "scripts/commands/table.h"
#include "scripts/fetching.h"
#include "scripts/https.h"

namespace scripts {

namespace {

constexpr util::Failure kTrustStays{util::code::kScript + 252, "imgtrust --permanent was said before, and holds"};

// A signature with a few certificates has 2 to 10 KB.
constexpr std::size_t kLargestSignature = 64 * 1024;

// In pieces, as the network lives on meanwhile and Ctrl-C is heard.
class ImageContent final : public net::SignedContent {
  public:
    ImageContent(util::Loop& loop, util::Bytes bytes) : loop_(loop), bytes_(bytes) {}
    util::Result<void> hash(util::Hash& hash) override {
        constexpr std::size_t kPiece = 256 * 1024;
        for (util::Bytes rest = bytes_; !rest.empty();) {
            util::Bytes piece = rest.first(std::min(rest.size(), kPiece));
            hash.update(piece);
            rest = rest.subspan(piece.size());
            loop_.poll_once();
            if (platform::console_take_key(platform::kCtrlC)) return util::kCancelled;
        }
        return {};
    }

  private:
    util::Loop& loop_;
    util::Bytes bytes_;
};

util::Result<Image*> fetch_argument(Invocation& call, std::string_view uri, std::string_view name) {
    call.about(uri);
    auto limit = static_cast<std::int64_t>(std::min<std::uint64_t>(call.number("timeout", 0), UINT32_MAX));
    return fetch_image_within(call.system, util::Duration::milliseconds(limit), uri, name);
}

// A copy. What was fetched for it goes again, and is called as nothing else is: files of one name in two folders may be an image and its signature.
util::Result<void> read_signature(Invocation& call, util::Vector<std::byte>& copy) {
    ImageTable& images = call.system.images;
    std::string_view argument = call.arguments[1];
    call.about(argument);
    Image* image = images.find(argument);
    bool was_there = image != nullptr;
    if (!was_there) image = TRY(fetch_argument(call, argument, call.has("keep") ? std::string_view() : "<signature>"));
    image->set_aside();
    util::Bytes bytes = image->bytes();
    auto status = bytes.size() > kLargestSignature ? util::Result<void>(net::kBadSignatureFile) : copy.resize(bytes.size());
    if (status.ok() && !bytes.empty()) std::memcpy(copy.data(), bytes.data(), bytes.size());
    if (!was_there && !call.has("keep")) images.free(*image);
    return status;
}

}  // namespace

util::Result<void> run_imgtrust(Invocation& call) {
    Https& https = https_of(call.system);
    bool wants_trust = !call.has("allow");
    if (https.is_trust_permanent && wants_trust != https.wants_trust) return kTrustStays;
    https.wants_trust = wants_trust;
    https.is_trust_permanent |= call.has("permanent");
    return {};
}

util::Result<void> run_imgverify(Invocation& call) {
    System& system = call.system;
    Https& https = https_of(system);
    // What is not verified in the end is not trusted, whatever was before.
    if (Image* known = system.images.find(call.arguments[0])) known->set_trusted(false);
    util::Vector<std::byte> signature;
    TRY(read_signature(call, signature));
    call.about(call.arguments[0]);
    Image* image = system.images.find(call.arguments[0]);
    if (!image) image = TRY(fetch_argument(call, call.arguments[0], call.text("name")));
    TRY(https.refresh());
    ImageContent content(system.loop, image->bytes());
    util::Text<200> detail;
    auto verified = net::verify_signature(util::Bytes(signature.span()), content, {https.store(), system.wall_clock.now(), call.text("signer")}, detail);
    if (!verified.ok() && !detail.view().empty()) util::print("  %t\n", detail.self());
    image->set_trusted(verified.ok());
    return verified;
}

}  // namespace scripts
