// The page of a Fovea server: sends one picture, and shows what came back.

const element = (id) => document.getElementById(id)

/** What is shown now, and the parameters that it was requested with; the request under way; the access token. */
const state = { blob: null, name: '', answer: null, query: null, layers: [], labels: [], explained: undefined, pending: null, token: '' }

// A browser may forbid pages to keep anything; then the token lasts as long as the page.
try {
  state.token = sessionStorage.getItem('token') ?? ''
} catch {}

// MARK: Requests

/** The answer, where it is a good one; throws an error whose message is the problem's detail. */
async function reach(path, options = {}) {
  const token = state.token ? { Authorization: `Bearer ${state.token}` } : {}
  let response
  try {
    response = await fetch(path, { ...options, headers: { ...token, ...options.headers } })
  } catch {
    throw new Error('The server cannot be reached.')
  }
  if (response.ok) return response
  element('access').hidden = response.status !== 401 && response.status !== 403
  const problem = await response.json().catch(() => ({}))
  throw new Error(problem.detail ?? `The server answered ${response.status}.`)
}

const ask = async (path, options) => (await reach(path, options)).json()

async function loadModels() {
  const { models } = await ask('models')
  const names = [...new Set(models.filter((model) => model.state === 'ready').map((model) => model.name))]
  const standard = models.find((model) => model.default)?.name
  element('model').replaceChildren(...names.map((name) => new Option(name, name, name === standard, name === standard)))
  if (names.length === 0) throw new Error('The server has no model to answer with; GET /models says why.')
  element('access').hidden = true
}

/** The longest side of a map: what a screen has room for. */
const mapSize = 64

/** The most numbers of maps that are fetched for all layers at once, about a megabyte; of larger models only the layer that is shown. */
const fewNumbers = 100_000

/** The kinds of attention that lie on the picture. */
const spatialKinds = new Set(['spatial', 'group_spatial', 'gather', 'distribute', 'offset', 'mask'])

async function classify() {
  if (!state.blob) return
  // A slower answer to an earlier question must not take this one's place; the server drops what nobody waits for.
  state.pending?.abort()
  const { signal } = state.pending = new AbortController()
  say('Classifying…')
  element('error').textContent = ''
  try {
    if (element('model').length === 0) await loadModels()
    const model = element('model').value
    const details = await describe(model, signal)
    const query = parameters(model, details)
    const answer = await ask(`classify?${query}`, {
      method: 'POST', body: state.blob, signal, headers: { 'Content-Type': state.blob.type || 'application/octet-stream' }
    })
    await showPicture(answer.image)
    if (!signal.aborted) show(answer, details, query)
  } catch (error) {
    if (signal.aborted) return
    say('')
    element('error').textContent = error.message
    // The answer that is shown still holds for the same picture and model, and so does what was chosen for it.
    if (state.answer?.blob === state.blob && state.answer.model === element('model').value) {
      element('view').value = state.query.get('explain') ?? 'attention'
      element('class').value = state.query.get('class') ?? ''
      return showView()
    }
    element('answer').hidden = true
  }
}

/** A model's layers with the shapes of their maps, its classes, and what it can explain. A picture is classified without them too. */
async function describe(model, signal) {
  const name = encodeURIComponent(model)
  const [detail, metadata] = await Promise.all(
    [`models/${name}`, `v2/models/${name}`].map((path) => ask(path, { signal }).catch(() => ({}))))
  const maps = (metadata.outputs ?? []).flatMap((output) => {
    const [, layer, kind] = output.name.match(/^attention\/(.+)\/(.+)$/) ?? []
    return layer ? [{ layer, kind, shape: output.shape.slice(1) }] : []
  })
  return { layers: byLayer(maps), labels: detail.labels ?? [], explained: detail.explanation?.layers }
}

/** The maps of each layer, in the order of the pass. */
function byLayer(maps) {
  const layers = new Map()
  for (const map of maps) {
    if (!layers.has(map.layer)) layers.set(map.layer, [])
    layers.get(map.layer).push(map)
  }
  return [...layers].map(([name, maps]) => ({ name, maps }))
}

/** The request's parameters for what is to be shown. */
function parameters(model, { layers }) {
  const query = new URLSearchParams({ model, map_size: mapSize })
  if (explains()) {
    query.set('attention', 'none')
    query.set('explain', element('view').value)
    if (element('class').value !== '') query.set('class', element('class').value)
  } else if (layers.flatMap((layer) => layer.maps).reduce((count, map) => count + numbers(map), 0) > fewNumbers) {
    const shown = state.answer?.model === model && layers[element('layer').value]
    query.set('layers', (shown || layers[firstLayer(layers)]).name)
  }
  return query
}

/** How many numbers a map has in an answer. */
function numbers({ kind, shape }) {
  const limit = spatialKinds.has(kind) ? Math.min(1, mapSize / Math.max(...shape.slice(-2))) : 1
  return shape.reduce((count, length) => count * length, 1) * limit ** 2
}

/** The deepest layer whose map still has some detail; else the deepest with a map at all. */
function firstLayer(layers) {
  const last = (least) => layers.findLastIndex(({ maps }) =>
    maps.some(({ kind, shape }) => spatialKinds.has(kind) && Math.min(...shape.slice(-2)) >= least))
  return Math.max(0, last(7) >= 0 ? last(7) : last(1))
}

/** Whether an explanation of a class is to be shown, and not the layers' attention. */
const explains = () => element('view').value !== 'attention'

const say = (text) => { element('status').textContent = text }

// MARK: The answer

function show(answer, { layers, labels, explained }, query) {
  // The layer that was looked at stays, where the model is the same.
  const isNew = state.answer?.model !== answer.model
  const answered = byLayer(answer.attention)
  const known = layers.length ? layers : answered
  Object.assign(state, { answer: { ...answer, blob: state.blob }, query, labels, explained })
  state.layers = known.map(({ name }) => {
    const maps = answered.find((layer) => layer.name === name)?.maps ?? []
    return { name, maps, planes: maps.filter((map) => map.size).flatMap(planes) }
  })
  showClasses(answer.predictions)
  showTimes(answer)
  showCurl()
  const slider = element('layer')
  slider.max = Math.max(0, known.length - 1)
  slider.disabled = known.length < 2
  if (isNew) slider.value = firstLayer(known)
  showClassChoice(answer)
  element('answer').hidden = false
  showView()
  const [best] = answer.predictions
  say(best ? `${best.label}, ${percent(best.probability)}` : '')
  // The slider may have moved on while the one layer that was asked for was on its way.
  const fetched = query.get('layers')
  if (fetched && fetched !== state.layers[slider.value]?.name) classify()
}

/** The planes of a spatial map, which may be stacked: [H, W] or [N, H, W]. */
function planes(map) {
  const [height, width] = map.shape.slice(-2)
  const count = map.shape.length > 2 ? map.shape[0] : 1
  return Array.from({ length: count }, (_, index) => ({
    kind: map.kind, index, count, height, width, size: map.size,
    values: map.values.slice(index * height * width, (index + 1) * height * width)
  }))
}

async function showPicture(image) {
  const picture = element('picture')
  if (picture.src) URL.revokeObjectURL(picture.src)
  // Orientation 1 may also mean that the model takes pictures as they are stored.
  picture.classList.toggle('as-stored', image.orientation === 1)
  picture.classList.toggle('small', image.width < 200)
  picture.alt = state.name
  picture.src = URL.createObjectURL(state.blob)
  await picture.decode().catch(() => {})
  element('stage').style.width = `min(100%, calc(70vh * ${image.width / image.height}))`
  const { crop } = image
  const place = element('crop').style
  place.left = `${100 * crop.x / image.width}%`
  place.top = `${100 * crop.y / image.height}%`
  place.width = `${100 * crop.width / image.width}%`
  place.height = `${100 * crop.height / image.height}%`
}

function showClasses(predictions) {
  element('classes').replaceChildren(...predictions.map((prediction) => {
    const bar = make('i')
    bar.style.width = `${100 * prediction.probability}%`
    return make('li', {}, bar, make('span', {}, prediction.label), make('span', {}, percent(prediction.probability)))
  }))
}

function showTimes(answer) {
  const names = { decode: 'decode', preprocess: 'resize', queue: 'wait', inference: 'network', total: 'total' }
  element('times').replaceChildren(...Object.entries(names).flatMap(([key, name]) => [
    make('dt', {}, name), make('dd', {}, `${answer.timing_ms[key].toFixed(1)} ms`)
  ]))
}

function showCurl() {
  const url = new URL(`classify?${state.query}`, document.baseURI)
  const token = state.token ? ` -H "Authorization: Bearer $TOKEN"` : ''
  const file = state.name.replaceAll("'", `'\\''`)
  element('curl').textContent = `curl --data-binary '@${file}'${token} '${url}'`
}

// MARK: Explanations

/** The classes to explain: the best one, whichever it is; those predicted; then all others. */
function showClassChoice(answer) {
  const choice = element('class')
  const chosen = choice.value
  const predicted = answer.predictions.map(({ index, label, probability }) => new Option(`${label}, ${percent(probability)}`, index))
  const seen = new Set(answer.predictions.map(({ index }) => index))
  const others = state.labels.flatMap((label, index) => seen.has(index) ? [] : [new Option(label, index)])
  choice.replaceChildren(new Option('the best one', ''), ...predicted, ...others)
  for (const option of element('view').options) option.disabled = option.value !== 'attention' && state.explained?.length === 0
  if ([...choice.options].some((option) => option.value === chosen)) choice.value = chosen
}

function showView() {
  element('layer-control').hidden = explains()
  element('class-control').hidden = !explains()
  showLayer()
}

/** Which one was computed may differ from what was asked for: not every head has an exact class activation map. */
const methods = { cam: 'CAM', gradcam: 'Grad-CAM', hirescam: 'HiResCAM', layercam: 'LayerCAM' }

/** What is laid over the picture: its plane, what it is, and of what. */
function current() {
  if (explains()) {
    const map = state.answer?.explanation?.[0]
    if (!map) return {}
    return { plane: planes({ ...map, kind: map.method })[0], name: `${methods[map.method] ?? map.method} for ${map.class.label}`, of: map.layer }
  }
  const layer = state.layers[element('layer').value]
  const plane = layer?.planes[element('plane').value]
  if (!plane) return { layer }
  const kind = plane.count > 1 ? `${plane.kind} ${plane.index + 1} of ${plane.count}` : plane.kind
  return { plane, kind, name: `${kind} attention`, of: layer.name, layer }
}

// MARK: Layers

function showLayer() {
  const layer = state.layers[element('layer').value]
  const count = layer?.planes.length ?? 0
  const plane = element('plane')
  plane.max = Math.max(0, count - 1)
  plane.value = Math.max(0, layer?.planes.findLastIndex((plane) => plane.kind === 'spatial') ?? 0)
  element('plane-control').hidden = count < 2 || explains()
  const place = layer ? `${layer.name} (${Number(element('layer').value) + 1} of ${state.layers.length})` : 'this model has no attention'
  element('layer-name').textContent = place
  element('layer').setAttribute('aria-valuetext', place)
  showPlane()
  element('charts').replaceChildren(...(explains() ? [] : layer?.maps.filter((map) => !map.size).flatMap(chart) ?? []))
  if (!element('charts').hasChildNodes()) {
    const text = explains() ? 'Shown with the attention of each layer.' : lack(layer, 'This layer has no channel or kernel attention.')
    element('charts').append(make('p', { class: 'faint' }, text))
  }
}

/** What is said in place of a map or chart; nothing while the layer's are on their way. */
const lack = (layer, text) => layer ? layer.maps.length ? text : '' : 'This model has no attention.'

function showPlane() {
  const { plane, kind, name, of, layer } = current()
  element('map').hidden = !plane
  element('scale').hidden = !plane
  if (!plane) {
    element('caption').textContent = lack(layer, 'This layer has no attention over the picture. Choose CAM to see the evidence for a class.')
    return
  }
  const [least, greatest] = range(plane.values)
  draw(plane, least, greatest)
  element('least').textContent = short(least)
  element('greatest').textContent = short(greatest)
  element('plane-name').textContent = kind ?? ''
  element('plane').setAttribute('aria-valuetext', kind ?? '')
  const peak = plane.values.indexOf(greatest)
  const [row, column] = [Math.floor(peak / plane.width), peak % plane.width]
  const where = `${third(row, plane.height, ['upper', 'middle', 'lower'])} ${third(column, plane.width, ['left', 'centre', 'right'])}`
  element('caption').textContent =
    `${name}, ${plane.size.join(' × ')}, highest in the ${where} part. The frame is what the network saw.`
  element('map').setAttribute('aria-label', `${name}, of ${of}, highest in the ${where} part`)
}

const third = (index, count, names) => names[Math.min(2, Math.floor(3 * (index + 0.5) / count))]

/** The colours at equal steps, matplotlib's; the server draws with the same names. */
const colours = Object.fromEntries(Object.entries({
  viridis: '440154 481769 472a7a 433d84 3d4e8a 355e8d 2e6d8e 297b8e 23898e 1f978b 21a585 2eb37c 46c06f 65cb5e 89d548 b0dd2f d8e219 fde725',
  inferno: '000004 0a0722 1e0c45 380962 510e6c 69166e 801f6c 982766 b0315b c63d4d d94d3d e9612b f47918 fa9407 fcb014 f8cd37 f2ea69 fcffa4',
  jet: '000080 0000c4 0000ff 0034ff 0070ff 00acff 02e8f4 33ffc4 63ff94 94ff63 c4ff33 f4f802 ffc100 ff8900 ff5200 ff1a00 c40000 800000',
  gray: '000000 ffffff'
}).map(([name, steps]) => [name, steps.split(' ').map((step) => [0, 2, 4].map((place) => parseInt(step.slice(place, place + 2), 16)))]))

function colour(share) {
  const stops = colours[element('colours').value]
  const place = Math.min(Math.max(share, 0), 1) * (stops.length - 1)
  const index = Math.min(Math.floor(place), stops.length - 2)
  return stops[index].map((from, channel) => Math.round(from + (place - index) * (stops[index + 1][channel] - from)))
}

function draw(plane, least, greatest) {
  const canvas = element('map')
  canvas.width = plane.width
  canvas.height = plane.height
  const context = canvas.getContext('2d')
  const pixels = context.createImageData(plane.width, plane.height)
  plane.values.forEach((value, index) => {
    pixels.data.set([...colour(greatest > least ? (value - least) / (greatest - least) : 0.5), 255], 4 * index)
  })
  context.putImageData(pixels, 0, 0)
  showOpacity()
}

function showRamp() {
  const steps = colours[element('colours').value].map((step) => `rgb(${step.join(' ')})`)
  element('ramp').style.background = `linear-gradient(to right, ${steps.join(', ')})`
}

function showOpacity() {
  const value = element('opacity').value
  element('map').style.opacity = value / 100
  element('opacity-value').textContent = `${value} %`
}

// MARK: Charts

/** A heading, a drawing that a screen reader is told in words, and the range. */
function chart(map) {
  const [least, greatest] = range(map.values)
  const shape = map.shape.join(' × ')
  const words = map.values.length <= 16 ? map.values.map(short).join(', ') : `mean ${short(map.mean)}`
  const label = `${map.kind} attention, ${shape} values from ${short(least)} to ${short(greatest)}: ${words}`
  const drawing = map.shape.length === 1 ? bars(map.values, greatest) : grid(map, least, greatest)
  drawing.setAttribute('role', 'img')
  drawing.setAttribute('aria-label', label)
  const text = `${shape} values, ${short(least)} to ${short(greatest)}: ${words}`
  return [make('h3', {}, map.kind.replaceAll('_', ' ')), drawing, make('p', { class: 'faint' }, text)]
}

/** Bars from zero. */
function bars(values, greatest) {
  const svg = drawing(values.length, 1)
  const top = Math.max(greatest, 1e-12)
  values.forEach((value, index) => {
    const height = Math.max(value, 0) / top
    svg.append(shape('rect', { x: index + 0.1, y: 1 - height, width: 0.8, height, class: 'bar' }))
  })
  return svg
}

/** Cells in rows, coloured as the maps are. */
function grid(map, least, greatest) {
  const [rows, columns] = map.shape.slice(-2)
  const svg = drawing(columns, rows)
  svg.classList.add(rows === columns ? 'square' : 'strip')
  map.values.slice(0, rows * columns).forEach((value, index) => {
    const [red, green, blue] = colour(greatest > least ? (value - least) / (greatest - least) : 0.5)
    svg.append(shape('rect', {
      x: index % columns, y: Math.floor(index / columns), width: 1, height: 1, fill: `rgb(${red} ${green} ${blue})`
    }))
  })
  return svg
}

const drawing = (width, height) => shape('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none' })

// MARK: Small helpers

function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}

function shape(tag, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  return made
}

/** The least and the greatest of those values that are finite; JSON has null for the others. */
const range = (values) => values.reduce(([least, greatest], value) =>
  value === null ? [least, greatest] : [Math.min(least, value), Math.max(greatest, value)], [Infinity, -Infinity])
const percent = (share) => `${(100 * share).toFixed(1)} %`
const short = (value) => Number.isFinite(value) ? Number(value.toPrecision(3)).toString() : 'no number'

function take(blob, name) {
  state.blob = blob
  state.name = name
  return classify()
}

// MARK: Events

// So that the same file may be chosen once more, as after an answer that said to try again.
element('file').addEventListener('click', () => { element('file').value = '' })
element('file').addEventListener('change', () => {
  const [file] = element('file').files
  if (file) take(file, file.name)
})
element('sample').addEventListener('click', async () => {
  try {
    const response = await reach('page/sample.jpg')
    await take(await response.blob(), 'sample.jpg')
  } catch (error) {
    element('error').textContent = error.message
  }
})
element('model').addEventListener('change', () => {
  element('class').value = ''
  return classify()
})
element('layer').addEventListener('input', showLayer)
element('layer').addEventListener('change', () => {
  if (state.layers[element('layer').value]?.maps.length === 0) return classify()
})
element('plane').addEventListener('input', showPlane)
element('view').addEventListener('change', classify)
element('class').addEventListener('change', classify)
element('colours').addEventListener('change', () => {
  showRamp()
  const plane = element('plane').value
  showLayer()
  element('plane').value = plane
  showPlane()
})
element('opacity').addEventListener('input', showOpacity)
element('request').addEventListener('submit', async (event) => {
  event.preventDefault()
  state.token = element('token').value.trim()
  try {
    sessionStorage.setItem('token', state.token)
  } catch {}
  await start()
  await classify()
})
element('copy').addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(element('curl').textContent)
    say('Copied.')
  } catch {
    // Without TLS there may be no clipboard; what is selected can be copied by key.
    getSelection().selectAllChildren(element('curl'))
    say('Selected; copy it with Ctrl+C.')
  }
})
// A link cannot carry the token: what it leads to is fetched with it.
for (const link of document.querySelectorAll('footer a')) {
  link.addEventListener('click', async (event) => {
    if (!state.token) return
    event.preventDefault()
    try {
      const answer = await reach(link.getAttribute('href'))
      location.assign(URL.createObjectURL(await answer.blob()))
    } catch (error) {
      element('error').textContent = error.message
    }
  })
}
addEventListener('paste', (event) => {
  const file = [...event.clipboardData.files].find((file) => file.type.startsWith('image/'))
  if (file) take(file, file.name || 'pasted.png')
})
addEventListener('dragover', (event) => {
  event.preventDefault()
  element('drop').classList.add('over')
})
addEventListener('dragleave', () => element('drop').classList.remove('over'))
addEventListener('drop', (event) => {
  event.preventDefault()
  element('drop').classList.remove('over')
  const [file] = event.dataTransfer.files
  if (file) take(file, file.name)
})

async function start() {
  element('error').textContent = ''
  try {
    await loadModels()
  } catch (error) {
    element('error').textContent = error.message
  }
}

showRamp()
await start()
