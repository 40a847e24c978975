// chain (boot, imgexec), imgfetch (module, initrd), imgstat, imgfree: the commands about images.
#include "scripts/commands/table.h"
#include "scripts/fetching.h"
#include "scripts/system.h"

namespace scripts {

inline constexpr util::Failure kNoSuchImage{util::code::kScript + 56, "there is no image of that name"};

// The image of that name, or what the URI names.
static util::Result<Image*> obtain(Invocation& call, std::string_view text) {
    call.about(text);
    if (Image* image = call.system.images.find(text)) return image;
    return fetch_image(call.system, text, call.text("name"));
}

util::Result<void> run_chain(Invocation& call) {
    if (call.argument(0).empty()) return kArgumentMissing;
    Image* image = TRY(obtain(call, call.arguments[0]));
    if (call.has("autofree")) image->free_after_use();
    if (!is_script(image->content())) {
        if (call.has("autofree")) call.system.images.free(*image);
        return kNotScript;
    }
    if (call.has("replace") && call.system.engine.in_script()) {
        call.system.engine.replace_with(*image);
        return {};
    }
    return call.system.engine.run_script(*image);
}

util::Result<void> run_imgfetch(Invocation& call) {
    call.about(call.arguments[0]);
    Image* image = TRY(fetch_image(call.system, call.arguments[0], call.text("name")));
    if (call.has("autofree")) image->free_after_use();
    return {};
}

util::Result<void> run_imgstat(Invocation& call) {
    for (Image& image : call.system.images.images()) {
        std::string_view name = image.name();
        util::print("%v : %u bytes%s\n", &name, static_cast<unsigned>(image.content().size()),
                    is_script(image.content()) ? " [script]" : "");
    }
    return {};
}

util::Result<void> run_imgfree(Invocation& call) {
    ImageTable& images = call.system.images;
    if (call.argument(0).empty()) {
        images.free_all();
        return {};
    }
    call.about(call.arguments[0]);
    Image* image = images.find(call.arguments[0]);
    if (!image) return kNoSuchImage;
    images.free(*image);
    return {};
}

}  // namespace scripts
