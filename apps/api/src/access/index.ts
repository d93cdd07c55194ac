export { Access, type AccessRule, Public, type ResourceKind } from './access.decorator.js';
export { AccessModule } from './access.module.js';
export { AccessService } from './access.service.js';
export { actorOf, CurrentPrincipal, type Principal, Tenant } from './principal.js';
