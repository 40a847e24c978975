// Images: what has been downloaded, or built in: scripts, kernels, initrds and whatever else.
//
// The table owns them, in the order in which they came. Their content lies in free RAM (image_memory.h), but for scripts: those are
// on the heap, as what they start may overwrite the RAM and come back. A script that runs keeps its image alive even
// when it is freed meanwhile ("imgfree" within it).
#pragma once

#include <string_view>

#include "scripts/images/image_memory.h"
#include "util/list.h"
#include "util/vector.h"

namespace scripts {

class Image : public util::ListNode<Image> {
  public:
    std::string_view name() const { return name_.view(); }
    std::string_view uri() const { return uri_.view(); }
    std::string_view content() const { return content_; }
    util::Bytes bytes() const { return util::as_bytes(content_); }
    // What is passed on to it when it is started, or says what it is for (an initrd's file name).
    std::string_view arguments() const { return arguments_.view(); }
    util::Result<void> set_arguments(std::string_view text) { return arguments_.assign(text); }
    // Its RAM; size 0: none.
    MemoryGap place() const { return place_; }
    // Frees itself when it has run.
    void free_after_use() { free_after_use_ = true; }
    bool frees_after_use() const { return free_after_use_; }
    // Scripts that run or have run are nothing that a kernel would want as an initrd.
    bool was_run() const { return was_run_; }
    // Nor is what only scripts look into, but for what was given a place in the kernel's file system.
    void set_aside() { was_run_ = was_run_ || arguments_.empty(); }
    // Signed by somebody who is trusted ("imgverify").
    bool is_trusted() const { return is_trusted_; }
    void set_trusted(bool is_trusted) { is_trusted_ = is_trusted; }

  private:
    friend class ImageTable;
    friend class ImageUse;
    util::String name_, uri_, arguments_;
    std::string_view content_;
    MemoryGap place_;
    util::Vector<std::byte> heap_;  // where content is when it is not in its place, nor built in
    unsigned uses_ = 0;
    bool freed_ = false;
    bool free_after_use_ = false;
    bool was_run_ = false;
    bool is_trusted_ = false;
};

class ImageTable {
  public:
    ImageTable() = default;
    ImageTable(const ImageTable&) = delete;
    ~ImageTable() { free_all(); }

    // Registers what lies in a gap from find_gap(), `place.size` bytes; one of the same name is replaced. A script moves to the
    // heap. Failure: out of memory.
    util::Result<Image*> add(std::string_view name, std::string_view uri, MemoryGap place);
    // The same for bytes that outlive the table, without a copy, and for bytes on the heap.
    util::Result<Image*> add_built_in(std::string_view name, std::string_view bytes);
    util::Result<Image*> add(std::string_view name, std::string_view uri, util::Vector<std::byte> bytes);
    // By name; nullptr when there is none.
    Image* find(std::string_view name);
    void free(Image& image);
    void free_all();
    // Forgets what is in RAM, after somebody may have overwritten it.
    void free_ram();
    util::List<Image>& images() { return images_; }

    // What "boot" starts; nullptr: nothing yet.
    Image* selected() const { return selected_; }
    void select(Image& image) { selected_ = &image; }

  private:
    util::Result<Image*> insert(std::string_view name, std::string_view uri);
    util::List<Image> images_;
    Image* selected_ = nullptr;
};

// Keeps an image alive while it exists: it runs.
class ImageUse {
  public:
    ImageUse(ImageTable& table, Image& image) : table_(table), image_(image) {
        ++image.uses_;
        image.was_run_ = true;
    }
    ImageUse(const ImageUse&) = delete;
    ~ImageUse();

  private:
    ImageTable& table_;
    Image& image_;
};

}  // namespace scripts
