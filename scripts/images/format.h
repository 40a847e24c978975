// Image formats: one row each, with a pure probe and a pure plan. Only platform::boot() jumps.
#pragma once

#include <span>

#include "scripts/images/boot_plan.h"
#include "scripts/images/image.h"
#include "util/loop.h"

namespace scripts {

// What is to be started, and with what.
struct BootRequest {
    Image& image;
    util::Bytes content;         // the image's
    std::string_view arguments;  // its command line
    ImageTable& images;          // the other images are its initrds or modules
    std::uint8_t drive;          // BIOS drive that a boot sector shall think it comes from

    // The next image behind `after`, or the first one, that goes along with it: all that are not the image itself and were not
    // run as scripts.
    Image* next_companion(Image* after) const;
};

class System;

struct ImageFormat {
    const char* name;
    bool (*probe)(util::Bytes content);
    // Starts it. All formats are reached through here, so that an image without some has none of their code.
    util::Result<void> (*start)(System& system, Image& image, const ImageFormat& format);
    // Of what the machine is handed to: where everything goes.
    util::Result<void> (*plan)(const BootRequest& request, BootPlan& plan) = nullptr;
    // Of what is packed: makes another image of what is packed in this one. What was too little goes to `detail`.
    util::Result<Image*> (*extract)(util::Loop& loop, ImageTable& images, Image& packed, std::string_view name, util::TextSink& detail) = nullptr;
};

// In the order in which they are asked: the most definite first.
std::span<const ImageFormat> image_formats();
// nullptr: none of them.
const ImageFormat* find_format(util::Bytes content);

// What an image seems to be that no format takes: "it is an ISO image: use sanboot". Empty: no idea.
std::string_view likeness(util::Bytes content);
// That, or what an image that runs nothing but scripts can say of it.
std::string_view why_unknown(util::Bytes content);

}  // namespace scripts
