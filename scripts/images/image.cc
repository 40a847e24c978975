#include "scripts/images/image.h"

#include <platform/memory.h>

#include "scripts/lexer.h"

namespace scripts {

util::Result<Image*> ImageTable::insert(std::string_view name, std::string_view uri) {
    auto image = TRY(util::make_owned<Image>());
    TRY(image->name_.append(name));
    TRY(image->uri_.append(uri));
    if (Image* old = find(name)) free(*old);
    images_.push_back(*image);
    return image.release();
}

util::Result<Image*> ImageTable::add(std::string_view name, std::string_view uri,
                                     util::Vector<std::byte> bytes) {
    Image* image = TRY(insert(name, uri));
    image->heap_ = std::move(bytes);
    image->content_ = util::as_text(util::Bytes(image->heap_.span()));
    return image;
}

util::Result<Image*> ImageTable::add(std::string_view name, std::string_view uri, MemoryGap place) {
    util::Bytes bytes;
    if (place.size) bytes = {platform::memory_at(place.base), place.size};
    if (is_script(util::as_text(bytes))) {
        util::Vector<std::byte> copy;
        TRY(copy.resize(bytes.size()));
        std::memcpy(copy.data(), bytes.data(), bytes.size());
        return add(name, uri, std::move(copy));
    }
    Image* image = TRY(insert(name, uri));
    image->place_ = place;
    image->content_ = util::as_text(bytes);
    return image;
}

util::Result<Image*> ImageTable::add_built_in(std::string_view name, std::string_view bytes) {
    Image* image = TRY(insert(name, {}));
    image->content_ = bytes;
    return image;
}

Image* ImageTable::find(std::string_view name) {
    for (Image& image : images_)
        if (image.name() == name) return &image;
    return nullptr;
}

void ImageTable::free(Image& image) {
    if (selected_ == &image) selected_ = nullptr;
    image.unlink();
    image.freed_ = true;
    if (image.uses_ == 0) util::Owned<Image>(&image).reset();
}

void ImageTable::free_all() {
    while (Image* image = images_.front()) free(*image);
}

void ImageTable::free_ram() {
    for (Image& image : images_)
        if (image.place_.size) free(image);
}

ImageUse::~ImageUse() {
    if (--image_.uses_) return;
    if (image_.freed_) util::Owned<Image>(&image_).reset();
    else if (image_.free_after_use_) table_.free(image_);
}

}  // namespace scripts
