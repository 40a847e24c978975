// finish_lkrn FILE: checks a kernel of the Linux boot protocol (arch/prefix/lkrn.asm). Nothing in it needs to be set.
#include <cstring>

#include "util/tools/elf_image.h"

namespace {

constexpr std::size_t kSetupSectorsAt = 0x1f1, kSizeAt = 0x1f4, kSignatureAt = 0x1fe, kHeaderAt = 0x202;
constexpr std::size_t kSector = 512, kParagraph = 16;

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) tools::fail("usage: finish_lkrn FILE");
    auto kernel = tools::read_file(argv[1]);
    if (kernel.size() < 2 * kSector || kernel[kSignatureAt] != 0x55 || kernel[kSignatureAt + 1] != 0xaa ||
        std::memcmp(kernel.data() + kHeaderAt, "HdrS", 4) != 0)
        tools::fail("no Linux kernel");
    std::uint32_t paragraphs;
    std::memcpy(&paragraphs, kernel.data() + kSizeAt, sizeof paragraphs);
    if (kernel.size() != (1u + kernel[kSetupSectorsAt]) * kSector + paragraphs * kParagraph)
        tools::fail("the kernel's size is not what its header says");
}
