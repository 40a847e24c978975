// md5sum, sha1sum and the rest: checksums of images.
#include <platform/console.h>

#include <algorithm>

#include "scripts/commands/table.h"
#include "scripts/fetching.h"
#include "scripts/system.h"
#include "util/hash.h"

namespace scripts {

namespace {

constexpr util::Failure kNeedsI686{util::code::kScript + 160, "this processor is too old for it: an i686 is needed"};

struct Digest {
    const char* command;
    util::HashAlgorithm algorithm;
};
constexpr Digest kDigests[] = {
    {"md5sum", util::HashAlgorithm::Md5},       {"sha1sum", util::HashAlgorithm::Sha1},
    {"sha224sum", util::HashAlgorithm::Sha224}, {"sha256sum", util::HashAlgorithm::Sha256},
    {"sha384sum", util::HashAlgorithm::Sha384}, {"sha512sum", util::HashAlgorithm::Sha512},
};

// In pieces, as the network lives on meanwhile and Ctrl-C is heard.
util::Result<void> hash_image(util::Loop& loop, util::Bytes content, util::Hash& hash) {
    constexpr std::size_t kPiece = 256 * 1024;
    while (!content.empty()) {
        util::Bytes piece = content.first(std::min(content.size(), kPiece));
        hash.update(piece);
        content = content.subspan(piece.size());
        loop.poll_once();
        if (platform::console_take_key(platform::kCtrlC)) return util::kCancelled;
    }
    return {};
}

}  // namespace

// "<digest>  <name>" for each, as the Unix tools of these names print it; or the last one's digest into a setting.
util::Result<void> run_digest(Invocation& call) {
    System& system = call.system;
    if (system.parts.cpu == CpuLevel::I486) return kNeedsI686;
    auto digest = std::ranges::find_if(kDigests, [&](const Digest& each) { return util::equal(call.command.name, each.command); });
    for (std::string_view argument : call.arguments) {
        call.about(argument);
        Image* image = system.images.find(argument);
        if (!image) image = TRY(fetch_image(system, argument, {}));
        util::Hash hash(digest->algorithm);
        TRY(hash_image(system.loop, image->bytes(), hash));
        std::string_view bytes = util::as_text(hash.digest()), name = image->name();
        if (call.has("set")) {
            auto reference = TRY(SettingReference::parse(call.text("set")));
            TRY(system.settings.set_bytes(reference, reference.type.value_or(SettingType::HexRaw), bytes));
            continue;
        }
        util::String text;
        TRY(format_setting(SettingType::HexRaw, bytes, text));
        std::string_view shown = text.view();
        util::print("%v  %v\n", &shown, &name);
    }
    return {};
}

}  // namespace scripts
