// Files by URI for PXE programs: the file extension of the PXE API ("PXE API extensions", a public document), which PXELINUX uses
// for http: and other URIs where it is there. Several files may be open.
#pragma once

#include "net/fetch/file_stream.h"

namespace net {

struct PxeFiles {
    static constexpr std::size_t kMost = 8;
    util::Owned<FileStream> open[kMost];  // by handle, less one
};

}  // namespace net
