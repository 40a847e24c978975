// Images: what has been downloaded, or built in: scripts now, kernels and others later.
//
// The table owns them. A script that runs keeps its image alive even when it is freed meanwhile ("imgfree"
// within it).
#pragma once

#include <string_view>

#include "util/list.h"
#include "util/vector.h"

namespace scripts {

class Image : public util::ListNode<Image> {
  public:
    std::string_view name() const { return name_.view(); }
    std::string_view uri() const { return uri_.view(); }
    std::string_view content() const {
        return built_in_.empty() ? util::as_text(util::Bytes(bytes_.span())) : built_in_;
    }
    // Frees itself when it has run.
    void free_after_use() { free_after_use_ = true; }

  private:
    friend class ImageTable;
    friend class ImageUse;
    util::String name_, uri_;
    util::Vector<std::byte> bytes_;
    std::string_view built_in_;
    unsigned uses_ = 0;
    bool freed_ = false;
    bool free_after_use_ = false;
};

class ImageTable {
  public:
    ImageTable() = default;
    ImageTable(const ImageTable&) = delete;
    ~ImageTable() { free_all(); }

    // Registers an image that was downloaded; one of the same name is replaced. Failure: out of memory.
    util::Result<Image*> add(std::string_view name, std::string_view uri, util::Vector<std::byte> bytes);
    // The same for bytes that outlive the table, without a copy.
    util::Result<Image*> add_built_in(std::string_view name, std::string_view bytes);
    // By name, the newest first; nullptr when there is none.
    Image* find(std::string_view name);
    void free(Image& image);
    void free_all();
    util::List<Image>& images() { return images_; }

  private:
    util::Result<Image*> insert(std::string_view name, std::string_view uri);
    util::List<Image> images_;
};

// Keeps an image alive while it exists.
class ImageUse {
  public:
    explicit ImageUse(Image& image) : image_(image) { ++image.uses_; }
    ImageUse(const ImageUse&) = delete;
    ~ImageUse();

  private:
    Image& image_;
};

}  // namespace scripts
