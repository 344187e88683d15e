// A small picture for the page, so that twenty photographs of a phone do not fill the memory of the browser.
const side = 720;

/** A data URL of the picture, at most 720 pixels wide and high, or null when the browser cannot decode it (the server may). */
export async function thumbnail(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return canvas.toDataURL('image/webp', 0.85);
  } catch {
    return null;
  }
}
