// The words of the tray menu, its tooltip and notifications.
export const tray = {}
