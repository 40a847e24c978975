// Starting an image as what it is.
#pragma once

#include "scripts/images/format.h"

namespace scripts {

class Nic;
class System;

inline constexpr util::Failure kUnknownImage{util::code::kScript + 84, "not something that can be started"};

inline constexpr util::Failure kNotPacked{util::code::kScript + 90, "not a packed image"};
inline constexpr util::Failure kPackedTooOften{util::code::kScript + 183, "what is packed in it is packed again, and again"};

// Runs a script, or hands the machine to a program. Returns when that has come to an end; images in RAM are gone then, as a program
// may have used it. A packed image is unpacked first, and takes the packed one's place. Failure: kUnknownImage, the format's,
// the script's, platform::kGaveBack. What a person should know besides is printed.
util::Result<void> start_image(System& system, Image& image);

// Unpacks an image under a new name; empty: its own without ".gz". The new one gets the old one's arguments, and its place as the
// selected one. Unless it is kept, the packed image is freed. Failure: kNotPacked, the format's.
enum class KeepPacked : std::uint8_t { No, Yes };
util::Result<Image*> extract_image(System& system, Image& packed, std::string_view name, KeepPacked keep);

// Starts what a format has planned, for the rows that want it otherwise than platform::boot() does: with a NIC that stays
// open. No NIC: like the others.
using RunPlan = util::Result<void>(System& system, Nic& nic, const Image& image, const BootPlan& plan);
util::Result<void> start_planned(System& system, Image& image, const ImageFormat& format, Nic* nic, RunPlan* run);

// That it is something that could be started, as far as can be told. Failure: kUnknownImage; what it looks like is printed.
util::Result<void> check_can_start(Image& image);

}  // namespace scripts
