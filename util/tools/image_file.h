// A built image: which format it has, where the packed image is in it, and how to put in another one. Each format is what
// arch/prefix/ and the finish_ tools make of it; all find the packed image's size in its own header.
#pragma once

#include <optional>
#include <string>

#include "util/tools/packed_image.h"

namespace tools {

enum class Format { Rom, IsaRom, Pxe, Kpxe, Kkpxe, Kernel, Cd, Disk, Floppy };

struct ImageFile {
    Format format{};
    Bytes bytes;
    std::size_t packed_at = 0;
    std::span<const std::uint8_t> packed() const { return std::span(bytes).subspan(packed_at); }
};

const char* name_of(Format format);

// Ends the program, with the reason, when the file is not an image of ours or is damaged.
ImageFile read_image(const std::string& path);

// Puts another packed image in place of the one there is; ends the program when there is no room for it.
void replace_packed(ImageFile& file, const Bytes& packed);

// A sum or size that a format has beside the packed image's own.
struct Check {
    const char* what;
    bool right;
};
std::vector<Check> checks(const ImageFile& file);

// The PCI ids, vendor << 16 | device, that an option ROM says it is for; none in other formats.
std::vector<std::uint32_t> pci_ids(const ImageFile& file);

// How large the packed image may become.
std::size_t room(const ImageFile& file);

}  // namespace tools
